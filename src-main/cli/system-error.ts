import { IsoldeError, type ErrorCode } from '../../src-shared/contract/errors'
import { explainReadError, explainWriteError } from '../../src-shared/model'

const READING = new Set(['open', 'read', 'scandir', 'stat', 'lstat', 'readlink', 'access', 'realpath'])

/** What the system said of a file, as a sentence, where nobody has made one of it; everything else as it is. */
export function inSentence(error: unknown): unknown {
  const { errno, syscall, path, dest } = error as NodeJS.ErrnoException & { dest?: string }
  if (!(error instanceof Error) || typeof errno !== 'number' || path === undefined) return error
  const isReading = READING.has(syscall ?? '')
  const { code, message } = isReading ? explainReadError(error, path) : explainWriteError(error, dest ?? path)
  return new IsoldeError(code as ErrorCode, message)
}
