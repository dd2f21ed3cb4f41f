import fs from 'node:fs'
import { because, type Details } from '../../src-shared/model'
import { systemPath } from '../sinks/system-path'

/** What somebody has named is no file that can be read whole: its code and words are those of a bad request. */
export class PlainFileError extends Error {
  readonly code = 'BAD_REQUEST'

  constructor(
    message: string,
    readonly details: Details,
  ) {
    super(message)
    this.name = 'PlainFileError'
  }
}

/** Undefined on Windows, where it adds no bit. */
const READ_FLAGS = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK || 0)
const CHUNK_BYTES = 1 << 16

/**
 * Opens something that a person, or an image, has named, for reading. A pipe is not waited for, and what it is is asked of
 * what was opened: a name may have become another thing since it was looked at.
 * @param isDeviceAllowed whether a disk is as good as a file
 * @returns a descriptor, which the caller closes
 * @throws {PlainFileError} where it is neither; the system's error where it cannot be opened, `EISDIR` for a folder
 */
export function openPlainFile(file: string | Buffer, isDeviceAllowed = false): number {
  const descriptor = fs.openSync(typeof file === 'string' ? systemPath(file) : file, READ_FLAGS)
  try {
    refuseOthers(fs.fstatSync(descriptor), String(file), isDeviceAllowed)
    return descriptor
  } catch (error) {
    fs.closeSync(descriptor)
    throw error
  }
}

/** As {@link openPlainFile}, without keeping others waiting while a disk is slow to answer. */
export async function openPlainFileHandle(file: string, isDeviceAllowed = false): Promise<fs.promises.FileHandle> {
  const handle = await fs.promises.open(systemPath(file), READ_FLAGS)
  try {
    refuseOthers(await handle.stat(), file, isDeviceAllowed)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

function refuseOthers(stat: fs.Stats, name: string, isDeviceAllowed: boolean): void {
  if (stat.isFile() || (isDeviceAllowed && stat.isBlockDevice())) return
  if (stat.isDirectory()) throw Object.assign(new Error(`${name} is a folder`), { code: 'EISDIR', path: name })
  throw new PlainFileError(
    `“${name}” is no ordinary file, so it is not read. Name a file.`,
    because('notPlainFile', { name }),
  )
}

/**
 * A file as a whole, and never more than `limit` bytes of it: they are counted while they are read, because a length says
 * little of a file that grows.
 * @throws {PlainFileError} where it is no file, or longer; the system's error where it cannot be read
 */
export function readPlainFile(file: string | Buffer, limit: number): Buffer {
  const descriptor = openPlainFile(file)
  try {
    const { size } = fs.fstatSync(descriptor)
    if (size > limit) throw tooLong(String(file), limit)
    const bytes = readUpTo(descriptor, size, limit + 1)
    if (bytes.byteLength > limit) throw tooLong(String(file), limit)
    return bytes
  } finally {
    fs.closeSync(descriptor)
  }
}

/** As {@link readPlainFile}; empty where it cannot be read, is no file, or is longer. */
export function readPlainFileOrNothing(file: string, limit: number): Buffer {
  try {
    return readPlainFile(file, limit)
  } catch {
    return Buffer.alloc(0)
  }
}

/** As {@link readPlainFile}, of what this program has written itself, without keeping others waiting. */
export async function readPlainText(file: string): Promise<string> {
  const handle = await openPlainFileHandle(file)
  try {
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

/** The first bytes of a file. @throws as {@link readPlainFile} */
export function readPlainHead(file: string | Buffer, byteLength: number): Buffer {
  const descriptor = openPlainFile(file)
  try {
    return readUpTo(descriptor, byteLength, byteLength)
  } finally {
    fs.closeSync(descriptor)
  }
}

/** @param expected how long it is likely to be; files of the system's own say 0 */
function readUpTo(descriptor: number, expected: number, limit: number): Buffer {
  let bytes = Buffer.allocUnsafeSlow(Math.max(Math.min(expected + 1, limit), 1))
  let done = 0
  for (;;) {
    const count = fs.readSync(descriptor, bytes, done, bytes.byteLength - done, done)
    done += count
    if (count === 0 || done === limit) return bytes.subarray(0, done)
    if (done < bytes.byteLength) continue
    const longer = Buffer.allocUnsafeSlow(Math.min(limit, bytes.byteLength * 2 + CHUNK_BYTES))
    bytes.copy(longer, 0, 0, done)
    bytes = longer
  }
}

function tooLong(name: string, limit: number): PlainFileError {
  return new PlainFileError(
    `“${name}” is longer than the ${limit} bytes that such a file may have. Name another.`,
    because('fileTooLong', { name, limit }),
  )
}
