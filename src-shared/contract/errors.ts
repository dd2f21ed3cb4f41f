import { type Details, type Said } from '../model/reasons'

/**
 * Every code an error can cross a process boundary with. Stable: scripts, translations and tests rely on them.
 * What it means to a person, the window says in its own language, by the code and the details; logs and the command line
 * have the message, made in English where the names are known.
 */
export const ERROR_CODES = [
  // The image
  'NOT_AN_IMAGE',
  'EMPTY_FILE',
  'NOTHING_READABLE',
  'UNSUPPORTED_CONTAINER',
  'LATER_PART',
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
  // What is brought along to rescue an image
  'BAD_MAP',
  'BAD_ECC',
  'OTHER_IMAGE',
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
  // Drives
  'NO_SUCH_DRIVE',
  'DRIVE_REFUSED',
  'NOT_CONFIRMED',
  'DRIVE_CHANGED',
  'DRIVE_BUSY',
  'DRIVE_GONE',
  'DRIVE_TOO_SMALL',
  'DRIVE_FAULTY',
  'CHECK_FAILED',
  'NOT_ALLOWED',
  'HELPER_FAILED',
  'NOT_FOR_DRIVES',
  'SOURCE_CHANGED',
  'INTERRUPTED',
  // Images as drives
  'PROGRAM_MISSING',
  'MOUNT_FAILED',
  'MOUNT_POINT_TAKEN',
  'NOT_MOUNTED',
  'MOUNT_BUSY',
  // Discs that are burned
  'NO_MEDIUM',
  'NOT_BLANK',
  'BURN_FAILED',
  // Jobs and the engine
  'CANCELLED',
  'NO_SUCH_JOB',
  'JOB_STATE',
  'PASSWORD_GONE',
  'CATALOG_OFF',
  'ENGINE_GONE',
  'BAD_REQUEST',
  'UNKNOWN_COMMAND',
  'FORBIDDEN',
  'INTERNAL',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

/** An error as it crosses a boundary. Without its schema, which is in `envelope.ts`: the command line needs no zod. */
export interface ErrorShape extends Said {
  code: ErrorCode
}

/** An error that may cross a process boundary: a code for programs, a sentence for people. */
export class IsoldeError extends Error {
  readonly code: ErrorCode
  readonly details: Details | undefined

  constructor(code: ErrorCode, message: string, details?: Details) {
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
    if (typeof code === 'string' && KNOWN_CODES.has(code)) {
      const { details } = error as { details?: Details | undefined }
      return { code: code as ErrorCode, message: error.message, ...(details ? { details } : {}) }
    }
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
