/**
 * Every code an error can cross a process boundary with. Stable: scripts, translations and tests rely on them.
 * What a code means to a person is said by the message, made where the names are known.
 */
export const ERROR_CODES = [
  // The image
  'NOT_AN_IMAGE',
  'EMPTY_FILE',
  'NOTHING_READABLE',
  'UNSUPPORTED_CONTAINER',
  'IS_A_FOLDER',
  'NO_SUCH_FILE',
  'NO_SUCH_VIEW',
  'NO_SUCH_PATH',
  'ENTRY_GONE',
  'IMAGE_CLOSED',
  'NOT_A_FILE',
  'SOURCE_GONE',
  'SOURCE_UNREADABLE',
  'SOURCE_FORBIDDEN',
  'CONTENT_DAMAGED',
  // The destination and this computer's folders
  'NAME_TAKEN',
  'NO_SPACE',
  'NO_PERMISSION',
  'READ_ONLY',
  'FILE_TOO_LARGE',
  'NAME_TOO_LONG',
  'NOT_A_FOLDER',
  'UNSAFE_DESTINATION',
  'WRITE_FAILED',
  'UNSUPPORTED_HERE',
  // Images that are made
  'TOO_MANY_DIRECTORIES',
  'IMAGE_TOO_LARGE',
  'BOOT_FILE',
  'VERIFY_FAILED',
  // Jobs and the engine
  'CANCELLED',
  'NO_SUCH_JOB',
  'JOB_STATE',
  'CATALOG_OFF',
  'ENGINE_GONE',
  'BAD_REQUEST',
  'UNKNOWN_COMMAND',
  'FORBIDDEN',
  'INTERNAL',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

/** An error as it crosses a boundary. Without its schema, which is in `envelope.ts`: the command line needs no zod. */
export interface ErrorShape {
  code: ErrorCode
  message: string
  details?: Record<string, unknown> | undefined
}

/** An error that may cross a process boundary: a code for programs, a sentence for people. */
export class IsoldeError extends Error {
  readonly code: ErrorCode
  readonly details: Record<string, unknown> | undefined

  constructor(code: ErrorCode, message: string, details?: Record<string, unknown>) {
    super(message)
    this.name = 'IsoldeError'
    this.code = code
    this.details = details
  }

  toShape(): ErrorShape {
    return { code: this.code, message: this.message, ...(this.details ? { details: this.details } : {}) }
  }
}

const KNOWN_CODES: ReadonlySet<string> = new Set(ERROR_CODES)

/** Whatever was thrown, as something that can be sent. Unknown things become `INTERNAL` with their own message. */
export function toErrorShape(error: unknown): ErrorShape {
  if (error instanceof IsoldeError) return error.toShape()
  if (error instanceof Error) {
    const code = (error as { code?: unknown }).code
    if (typeof code === 'string' && KNOWN_CODES.has(code)) return { code: code as ErrorCode, message: error.message }
    if (typeof code === 'string' && code.startsWith('SQLITE_'))
      return {
        code: 'CATALOG_OFF',
        message: `The catalog cannot be used (${error.message}).`,
        details: { cause: code },
      }
    if (error.name === 'AbortError') return { code: 'CANCELLED', message: 'Cancelled.' }
    return { code: 'INTERNAL', message: error.message || error.name }
  }
  return { code: 'INTERNAL', message: String(error) }
}
