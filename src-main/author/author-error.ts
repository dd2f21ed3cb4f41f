import type { Details } from '../../src-shared/model'

export type AuthorErrorCode =
  | 'TOO_MANY_DIRECTORIES'
  | 'FILE_TOO_LARGE'
  | 'IMAGE_TOO_LARGE'
  | 'BOOT_FILE'
  | 'VERIFY_FAILED'
  | 'NO_SUCH_FILE'
  | 'NAME_TAKEN'
  | 'BAD_REQUEST'
  | 'CONTENT_DAMAGED'
  | 'SOURCE_CHANGED'

/** An image that cannot be made as it was asked for; the sentence says why, and what to do. */
export class AuthorError extends Error {
  constructor(
    readonly code: AuthorErrorCode,
    message: string,
    readonly details?: Details,
  ) {
    super(message)
    this.name = 'AuthorError'
  }
}
