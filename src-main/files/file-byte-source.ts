import fs from 'node:fs'
import path from 'node:path'
import { placeIn, SourceError, type ByteSource, type Place, type SourceFile } from '../image/core/byte-source'
import { explainReadError } from '../../src-shared/model'
import { deviceByteLength } from './device-length'

/**
 * A file or block device on this computer as a source of bytes. Reads are synchronous: sources live in workers or in
 * the command line, where a system call served by the page cache costs less than a trip through the thread pool.
 */
export class FileByteSource implements ByteSource, SourceFile {
  private constructor(
    readonly path: string,
    private openDescriptor: number,
    readonly byteLength: number,
    /** Milliseconds since 1970 UTC. */
    readonly modified: number,
    readonly role: SourceFile['role'],
    /** Of a file when it was opened; null for a disk. */
    private readonly atFirst: fs.BigIntStats | null,
  ) {}

  /**
   * @param file its path; as bytes, where they are no valid text
   * @throws {SourceError} `NO_SUCH_FILE`, `IS_A_FOLDER`, `SOURCE_FORBIDDEN`, `SOURCE_UNREADABLE`, each with a sentence.
   */
  static open(file: string | Buffer, role: SourceFile['role'] = 'image'): FileByteSource {
    const filePath = String(file)
    let descriptor: number | undefined
    try {
      // A FIFO would block for ever in open(2) without O_NONBLOCK; the flag means nothing to files and disks, and Windows
      // has none (undefined adds no bit).
      descriptor = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
      const exact = fs.fstatSync(descriptor, { bigint: true })
      const stat = fs.fstatSync(descriptor)
      if (stat.isDirectory()) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' })
      if (stat.isFile()) return new FileByteSource(filePath, descriptor, stat.size, stat.mtimeMs, role, exact)
      if (stat.isBlockDevice() || process.platform === 'win32')
        return new FileByteSource(
          filePath,
          descriptor,
          deviceByteLength(filePath, descriptor),
          stat.mtimeMs,
          role,
          null,
        )
      throw new SourceError('SOURCE_UNREADABLE', `${filePath} is neither a file nor a disk, so it cannot be opened.`)
    } catch (error) {
      if (descriptor !== undefined) fs.closeSync(descriptor)
      throw asSourceError(error, filePath)
    }
  }

  /**
   * A file that is open already, and is closed with this source.
   * @param descriptor for reading @param file what it is, or was, called
   */
  static adopt(descriptor: number, file: string, role: SourceFile['role']): FileByteSource {
    const exact = fs.fstatSync(descriptor, { bigint: true })
    const stat = fs.fstatSync(descriptor)
    return new FileByteSource(file, descriptor, stat.size, stat.mtimeMs, role, exact)
  }

  get descriptor(): number {
    return this.openDescriptor
  }

  read(byteOffset: number, byteLength: number): Uint8Array {
    const length = Math.max(0, Math.min(byteLength, this.byteLength - byteOffset))
    // The system takes a negative place for “where the last read ended”.
    if (length === 0 || byteOffset < 0) return new Uint8Array(0)
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

  /** Whether the file has been written to since it was opened, as far as its length and time tell. */
  isRewritten(): boolean {
    if (this.atFirst === null || this.openDescriptor < 0) return false
    const now = fs.fstatSync(this.openDescriptor, { bigint: true })
    return now.size !== this.atFirst.size || now.mtimeNs !== this.atFirst.mtimeNs
  }

  close(): void {
    if (this.openDescriptor < 0) return
    fs.closeSync(this.openDescriptor)
    this.openDescriptor = -1
  }
}

/**
 * Opens files that travel with the image at `imagePath`: beside it, or below its folder (`discs/one.bin`). Nothing that
 * a name says leads out of that folder, not by way of a link either; the case of letters does not count where no file
 * has the very name.
 */
export function openSiblingOf(imagePath: string): (name: string) => Promise<ByteSource | null> {
  const folder = path.dirname(path.resolve(imagePath))
  return (name) => {
    const parts = name.split('/')
    const isPlain = parts.every(
      (part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0') && part === path.basename(part),
    )
    return Promise.resolve(isPlain ? openBelow(folder, parts) : null)
  }
}

/** The names of the files in the folder of the image at `imagePath`; none where it cannot be read. */
export function listSiblingsOf(imagePath: string): () => Promise<string[]> {
  return async () => {
    try {
      return await fs.promises.readdir(path.dirname(path.resolve(imagePath)))
    } catch {
      return []
    }
  }
}

function openBelow(folder: string, parts: readonly string[]): ByteSource | null {
  try {
    let at = folder
    for (const part of parts) at = path.join(at, existingName(at, part))
    // A file of its own beside the image may be a link to anywhere, as a person makes it; folders may not.
    if (parts.length > 1 && !fs.realpathSync(at).startsWith(fs.realpathSync(folder) + path.sep)) return null
    return FileByteSource.open(at, 'sibling')
  } catch {
    return null
  }
}

/** Cue sheets written on Windows often spell their .BIN in another case than the file has. */
function existingName(folder: string, name: string): string {
  if (fs.existsSync(path.join(folder, name))) return name
  const wanted = name.toLowerCase()
  return fs.readdirSync(folder).find((candidate) => candidate.toLowerCase() === wanted) ?? name
}

function asSourceError(error: unknown, filePath: string, byteOffset?: number): SourceError {
  if (error instanceof SourceError) return error
  const meaning = explainReadError(error, filePath)
  return new SourceError(meaning.code, meaning.message, {
    details: meaning.details,
    ...(byteOffset === undefined ? {} : { byteOffset }),
    cause: error,
  })
}
