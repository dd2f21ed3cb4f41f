import type { Details } from '../../src-shared/model'

export type BurnErrorCode =
  | 'UNSUPPORTED_HERE'
  | 'PROGRAM_MISSING'
  | 'DRIVE_REFUSED'
  | 'NO_MEDIUM'
  | 'NOT_BLANK'
  | 'DRIVE_TOO_SMALL'
  | 'BURN_FAILED'
  | 'CHECK_FAILED'
  | 'CONTENT_DAMAGED'
  | 'BAD_REQUEST'

/** Why a disc was not burned, or is not what it was to be; the sentence says what to do. */
export class BurnError extends Error {
  constructor(
    readonly code: BurnErrorCode,
    message: string,
    /** In bytes from the start of the image, where it is about one place. */
    readonly byteOffset: number | null = null,
    readonly details?: Details,
  ) {
    super(message)
    this.name = 'BurnError'
  }
}
