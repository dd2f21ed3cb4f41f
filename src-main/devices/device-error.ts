import type { Details } from '../../src-shared/model/reasons'

export type DeviceErrorCode =
  | 'NO_SUCH_DRIVE'
  | 'DRIVE_REFUSED'
  | 'NOT_CONFIRMED'
  | 'DRIVE_CHANGED'
  | 'DRIVE_BUSY'
  | 'DRIVE_GONE'
  | 'DRIVE_TOO_SMALL'
  | 'DRIVE_FAULTY'
  | 'CHECK_FAILED'
  | 'NOT_ALLOWED'
  | 'HELPER_FAILED'
  | 'NOT_FOR_DRIVES'
  | 'SOURCE_CHANGED'
  | 'SOURCE_UNREADABLE'
  | 'CONTENT_DAMAGED'
  | 'READ_ONLY'
  | 'WRITE_FAILED'
  | 'NAME_TAKEN'
  | 'FILE_TOO_LARGE'
  | 'UNSAFE_DESTINATION'
  | 'BAD_REQUEST'
  | 'UNSUPPORTED_HERE'
  | 'CANCELLED'

/** Why a drive was not read, written or erased; the sentence says what to do. */
export class DeviceError extends Error {
  constructor(
    readonly code: DeviceErrorCode,
    message: string,
    /** In bytes from the start of the drive, where it is about one place. */
    readonly byteOffset: number | null = null,
    readonly details?: Details,
  ) {
    super(message)
    this.name = 'DeviceError'
  }
}
