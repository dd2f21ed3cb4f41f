/** Images on discs: by the burning program that the system has, and read back. */
export { BurnError, type BurnErrorCode } from './burn-error'
export { burnImage, type BurnedDisc, type BurnRequest } from './burn-image'
export type { Medium } from './medium'
