import fs from 'node:fs'
import { explainReadError } from '../../src-shared/model'
import { IsoldeError, PlainFileError, readPlainFile, readPlainHead } from '../engine'
import { UsageError } from './exit-status'

/**
 * A small file that an option names, whole.
 * @param limit in bytes, that it may have at most
 * @throws {UsageError} where it is no file, or longer; {@link IsoldeError} with what the system says otherwise, by the
 *   file's name
 */
export function readNamedFile(file: string, option: string, command: string, limit: number): Buffer {
  return explained(file, option, command, () =>
    isHandedOver(file) ? readHandedOver(file, limit, option, command) : readPlainFile(file, limit),
  )
}

/** Whether it is what the shell hands over from another program: `/dev/stdin`, or `<(…)`. That always comes to an end. */
function isHandedOver(file: string): boolean {
  return /^\/(?:dev\/stdin|(?:dev|proc\/self)\/fd\/\d+)$/.test(file) && fs.statSync(file).isFIFO()
}

function readHandedOver(file: string, limit: number, option: string, command: string): Buffer {
  const descriptor = fs.openSync(file, 'r')
  try {
    const pieces: Buffer[] = []
    for (let length = 0; length <= limit;) {
      const piece = Buffer.alloc(1 << 16)
      const got = fs.readSync(descriptor, piece)
      if (got === 0) return Buffer.concat(pieces)
      pieces.push(piece.subarray(0, got))
      length += got
    }
  } finally {
    fs.closeSync(descriptor)
  }
  throw new UsageError(`--${option}: “${file}” gives more than the ${limit} bytes that it may have.`, command)
}

/** The first bytes of a file that an option names. @throws as {@link readNamedFile} */
export function readNamedHead(file: string, option: string, command: string, byteLength: number): Buffer {
  return explained(file, option, command, () => readPlainHead(file, byteLength))
}

/**
 * The first line of a file that an option names, without what ends it, and never more than `limit` bytes: a device
 * such as /dev/zero has no end. One that a terminal or another program gives is read no further than its end.
 * @throws as {@link readNamedFile}
 */
export function readFirstLine(file: string, option: string, command: string, limit: number): Buffer {
  return explained(file, option, command, () => {
    const descriptor = fs.openSync(file, 'r')
    try {
      const bytes = Buffer.alloc(limit)
      let length = 0
      for (;;) {
        const got = fs.readSync(descriptor, bytes, length, limit - length, null)
        const end = bytes.subarray(length, length + got).indexOf('\n')
        if (end >= 0) return withoutReturn(bytes.subarray(0, length + end))
        length += got
        if (got === 0 || length === limit) return bytes.subarray(0, length)
      }
    } finally {
      fs.closeSync(descriptor)
    }
  })
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line
}

function explained<T>(file: string, option: string, command: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    // The system's own sentence about a folder does not even name it.
    if ((error as NodeJS.ErrnoException).code === 'EISDIR')
      throw new UsageError(`--${option} takes a file, and ${file} is a folder.`, command)
    if (error instanceof PlainFileError) throw new UsageError(`--${option}: ${error.message}`, command)
    const { code, message } = explainReadError(error, file)
    throw new IsoldeError(code as ConstructorParameters<typeof IsoldeError>[0], message)
  }
}
