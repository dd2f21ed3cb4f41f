/** Who made it: signatures over images and over the lists that have their sums, and the keys that count. */
export { checkSignature, type SignatureFile, type SignedFile } from './check-signatures'
export { Keyring, NoKeyError } from './keyring'
export { findSignatures, type SignatureRequest } from './signatures-beside'
export type { SignatureReport, SignatureVerdict } from './signed'
