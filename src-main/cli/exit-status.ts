import { toErrorShape, type ErrorCode } from '../../src-shared/contract/errors'

/** What scripts rely on; the table is in the manual. */
export const EXIT = { ok: 0, damaged: 1, usage: 2, notAnImage: 3, refused: 4, cancelled: 130 } as const

/** Wrong usage: the sentence is followed by a pointer to the help. */
export class UsageError extends Error {
  constructor(
    message: string,
    readonly command?: string,
  ) {
    super(message)
    this.name = 'UsageError'
  }
}

const BY_CODE: Partial<Record<ErrorCode, number>> = {
  NOT_AN_IMAGE: EXIT.notAnImage,
  EMPTY_FILE: EXIT.notAnImage,
  NOTHING_READABLE: EXIT.notAnImage,
  UNSUPPORTED_CONTAINER: EXIT.notAnImage,
  IS_A_FOLDER: EXIT.usage,
  NO_SUCH_VIEW: EXIT.usage,
  BAD_REQUEST: EXIT.usage,
  NOT_A_FILE: EXIT.refused,
  CANCELLED: EXIT.cancelled,
  CONTENT_DAMAGED: EXIT.damaged,
  CHECK_FAILED: EXIT.damaged,
}

/** The exit status that an error means: 4, the world said no, unless its code says otherwise. */
export function exitStatusOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage
  return BY_CODE[toErrorShape(error).code] ?? EXIT.refused
}
