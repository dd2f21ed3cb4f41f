/** Who made it: signatures over images and over the lists that have their sums, and the keys that count. */
export { checkSignature, type SignatureFile, type SignedFile } from './check-signatures'
export { KeyStore, type StoredKey } from './key-store'
export { Keyring, NoKeyError } from './keyring'
export { findSignatures, type SignatureRequest } from './signatures-beside'
export { findMediaSignature, findSignaturesInside } from './signatures-inside'
export type { SignatureReport, SignatureVerdict } from './signed'
export { findOfferedKeys, type OfferedKey } from './offered-keys'
