import { isTypeable } from '../../src-shared/model'
import { UsageError } from './exit-status'
import { readFirstLine } from './named-file'

/** More than anybody types, and little enough to be read of a file that has no end. */
const LONGEST_BYTES = 4096
/** What editors put before UTF-8 without showing it, so that nobody types it either. */
const MARK = Buffer.from('\uFEFF')

/**
 * The password of an archive: from a file, or from ISOLDE_PASSWORD. An argument would be seen by everybody on this
 * computer.
 * @param isArchive what is made takes one
 * @throws {UsageError} where it is empty, is nothing that a person can type again, or has no use
 */
export function passwordOf(file: string | undefined, isArchive: boolean, command: string): string | undefined {
  if (file !== undefined) {
    if (!isArchive) throw new UsageError('Only a ZIP or 7z takes a password.', command)
    return passwordIn(file, command)
  }
  const password = isArchive ? process.env.ISOLDE_PASSWORD?.replace(/^\uFEFF/, '') : undefined
  if (password === '') throw new UsageError('ISOLDE_PASSWORD is set, but empty: the archive would lie open.', command)
  if (password !== undefined && !isTypeable(password))
    throw new UsageError(
      'ISOLDE_PASSWORD holds a character that nobody can type, such as a line break: nobody could open the archive.',
      command,
    )
  return password
}

function passwordIn(file: string, command: string): string {
  const read = readFirstLine(file, 'password-file', command, MARK.byteLength + LONGEST_BYTES + 1)
  const line = read.subarray(0, MARK.byteLength).equals(MARK) ? read.subarray(MARK.byteLength) : read
  // A file without text is said to be none first: what has no line ends has a first line that is too long.
  if (line.includes(0)) throw notText(file, command)
  if (line.byteLength > LONGEST_BYTES)
    throw new UsageError(
      `The first line of ${file} is longer than ${LONGEST_BYTES} bytes, so it is no password.`,
      command,
    )
  if (line.byteLength === 0)
    throw new UsageError(
      `The first line of ${file} is empty, so there is no password: the archive would lie open.`,
      command,
    )
  const password = asUtf8(line)
  if (password === null) throw notText(file, command)
  if (!isTypeable(password))
    throw new UsageError(
      `The first line of ${file} holds a character that nobody can type: nobody could open the archive.`,
      command,
    )
  return password
}

function asUtf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

function notText(file: string, command: string): UsageError {
  return new UsageError(
    `${file} is not plain text in UTF-8, so nobody could type its password again: save it as UTF-8.`,
    command,
  )
}
