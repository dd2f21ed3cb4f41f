import fs from 'node:fs'
import path from 'node:path'
import { placeIn, SourceError, type ByteSource, type Place, type SourceFile } from '../image/byte-source'
import { explainReadError } from '../../src-shared/model'
import { deviceByteLength } from './device-length'

/**
 * A file or block device on this computer as a source of bytes. Reads are synchronous: sources live in workers or in
 * the command line, where a system call served by the page cache costs less than a trip through the thread pool.
 */
export class FileByteSource implements ByteSource, SourceFile {
  private constructor(
    private readonly path: string,
    private openDescriptor: number,
    readonly byteLength: number,
    /** Milliseconds since 1970 UTC. */
    readonly modified: number,
    readonly role: SourceFile['role'],
  ) {}

  /**
   * @throws {SourceError} `NO_SUCH_FILE`, `IS_A_FOLDER`, `SOURCE_FORBIDDEN`, `SOURCE_UNREADABLE`, each with a sentence.
   */
  static open(filePath: string, role: SourceFile['role'] = 'image'): FileByteSource {
    let descriptor: number | undefined
    try {
      // A FIFO would block for ever in open(2) without O_NONBLOCK; the flag means nothing to files and disks, and Windows
      // has none (undefined adds no bit).
      descriptor = fs.openSync(filePath, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
      const stat = fs.fstatSync(descriptor)
      if (stat.isDirectory()) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' })
      if (stat.isFile()) return new FileByteSource(filePath, descriptor, stat.size, stat.mtimeMs, role)
      if (stat.isBlockDevice() || process.platform === 'win32')
        return new FileByteSource(filePath, descriptor, deviceByteLength(filePath, descriptor), stat.mtimeMs, role)
      throw new SourceError('SOURCE_UNREADABLE', `${filePath} is neither a file nor a disk, so it cannot be opened.`)
    } catch (error) {
      if (descriptor !== undefined) fs.closeSync(descriptor)
      throw asSourceError(error, filePath)
    }
  }

  get descriptor(): number {
    return this.openDescriptor
  }

  read(byteOffset: number, byteLength: number): Uint8Array {
    const length = Math.max(0, Math.min(byteLength, this.byteLength - byteOffset))
    if (length === 0) return new Uint8Array(0)
    const bytes = Buffer.allocUnsafeSlow(length)
    const count = this.readInto(bytes, byteOffset)
    return count === length ? bytes : bytes.subarray(0, count)
  }

  /** Fills `target` from `byteOffset` on; answers how many bytes there were. Saves the allocation of `read`. */
  readInto(target: Uint8Array, byteOffset: number): number {
    let count = 0
    try {
      while (count < target.byteLength) {
        const n = fs.readSync(this.openDescriptor, target, count, target.byteLength - count, byteOffset + count)
        if (n === 0) break
        count += n
      }
    } catch (error) {
      throw asSourceError(error, this.path, byteOffset + count)
    }
    return count
  }

  locate(byteOffset: number, byteLength: number): Place | null {
    return placeIn(this, this.byteLength, byteOffset, byteLength)
  }

  close(): void {
    if (this.openDescriptor < 0) return
    fs.closeSync(this.openDescriptor)
    this.openDescriptor = -1
  }
}

/** Opens files that travel with the image at `imagePath`, by name only: a cue sheet cannot reach into other folders. */
export function openSiblingOf(imagePath: string): (name: string) => Promise<ByteSource | null> {
  const folder = path.dirname(path.resolve(imagePath))
  return (name) => {
    if (name === '' || name !== path.basename(name) || name === '.' || name === '..') return Promise.resolve(null)
    const exact = path.join(folder, name)
    try {
      return Promise.resolve(FileByteSource.open(exact, 'sibling'))
    } catch {
      return Promise.resolve(openIgnoringCase(folder, name))
    }
  }
}

/** Cue sheets written on Windows often spell their .BIN in another case than the file has. */
function openIgnoringCase(folder: string, name: string): ByteSource | null {
  try {
    const wanted = name.toLowerCase()
    const found = fs.readdirSync(folder).find((candidate) => candidate.toLowerCase() === wanted)
    return found === undefined ? null : FileByteSource.open(path.join(folder, found), 'sibling')
  } catch {
    return null
  }
}

function asSourceError(error: unknown, filePath: string, byteOffset?: number): SourceError {
  if (error instanceof SourceError) return error
  const meaning = explainReadError(error, filePath)
  return new SourceError(meaning.code, meaning.message, {
    ...(byteOffset === undefined ? {} : { byteOffset }),
    cause: error,
  })
}
