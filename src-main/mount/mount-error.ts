import type { Details } from '../../src-shared/model'

export type MountErrorCode =
  | 'UNSUPPORTED_HERE'
  | 'PROGRAM_MISSING'
  | 'MOUNT_FAILED'
  | 'MOUNT_POINT_TAKEN'
  | 'NOT_MOUNTED'
  | 'MOUNT_BUSY'
  | 'NOT_A_FOLDER'
  | 'NO_PERMISSION'
  | 'WRITE_FAILED'

/** Why an image was not mounted or unmounted; the sentence says what to do. */
export class MountError extends Error {
  constructor(
    readonly code: MountErrorCode,
    message: string,
    readonly details?: Details,
  ) {
    super(message)
    this.name = 'MountError'
  }
}
