import fs from 'node:fs'
import { because, explainReadError, explainWriteError } from '../../../src-shared/model'
import { systemPath } from '../../sinks/system-path'
import { FileAccessError } from '../listing'

const CHUNK_BYTES = 4 << 20
/** A hole is as large as a block of most file systems, at the least. */
const HOLE_BYTES = 4096
const ZEROS = Buffer.alloc(HOLE_BYTES)
const { O_RDONLY, O_NONBLOCK } = fs.constants
/** Undefined on Windows, where they add no bit: a name that has become a pipe or a link meanwhile is not waited for. */
export const READ_FLAGS = O_RDONLY | (fs.constants.O_NOFOLLOW || 0) | (O_NONBLOCK || 0)
/** Systems whose copying of a file takes along what Node cannot see: streams, resource forks, extended attributes. */
const COPIES_MORE = process.platform === 'win32' || process.platform === 'darwin'

const KEPT_AT_ONCE = 64

/**
 * Sees to it that files are on the disk, not only on their way: many at once, because a disk writes its journal once for
 * all that wait for it.
 */
export class Keeper {
  private waiting: { descriptor: number; target: string }[] = []

  /** Takes over an open file. @throws {FileAccessError} where it, or an earlier one, cannot be written after all */
  async add(descriptor: number, target: string): Promise<void> {
    this.waiting.push({ descriptor, target })
    if (this.waiting.length >= KEPT_AT_ONCE) await this.flush()
  }

  /** Everything is on the disk after this. @throws {FileAccessError} */
  async flush(): Promise<void> {
    const files = this.waiting
    this.waiting = []
    const ends = await Promise.allSettled(files.map(({ descriptor, target }) => keep(descriptor, target)))
    for (const end of ends) if (end.status === 'rejected') throw end.reason as Error
  }

  /** Lets go of what waits. */
  close(): void {
    for (const { descriptor } of this.waiting.splice(0)) fs.closeSync(descriptor)
  }
}

function keep(descriptor: number, target: string): Promise<void> {
  return new Promise((resolve, reject) => {
    fs.fsync(descriptor, (error) => {
      fs.closeSync(descriptor)
      if (error) reject(refused(error, target))
      else resolve()
    })
  })
}

/** A file that could not be read: it costs itself, not the job. */
export class SourceFileError extends FileAccessError {}

/** A name or a path that the destination does not take: it costs itself, not the job. */
export class NameRefusedError extends FileAccessError {}

/** Too long for the system, or with letters that the disk does not take. */
const NAME_REFUSED = new Set(['ENAMETOOLONG', 'EINVAL', 'EILSEQ'])

/** Makes something of a new name. @throws {NameRefusedError}; {@link FileAccessError} for whatever else is refused */
export function making<T>(target: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw notMade(error, target)
  }
}

export function notMade(error: unknown, target: string): FileAccessError {
  const meaning = refused(error, target)
  if (!NAME_REFUSED.has((error as { code?: string }).code ?? '')) return meaning
  return new NameRefusedError(meaning.code, meaning.message, meaning.details)
}

export interface CopiedContent {
  /** The file as it was when the copying began. */
  before: fs.BigIntStats
  /** It was being written meanwhile, so what was read may be half of one state and half of another. */
  hasChanged: boolean
}

/**
 * Copies what is in a file to a name that must be free. Holes stay holes.
 * @throws {SourceFileError} where the source cannot be read; the target is then not there
 * @throws {FileAccessError} where the target cannot be written
 */
export async function copyContent(
  source: string,
  target: string,
  options: { keeper: Keeper | null; checkpoint: () => Promise<void> | void; onBytes: (count: number) => void },
): Promise<CopiedContent> {
  const from = reading(source, () => fs.openSync(systemPath(source), READ_FLAGS))
  try {
    const before = reading(source, () => fs.fstatSync(from, { bigint: true }))
    if (!before.isFile())
      throw new SourceFileError(
        'UNSUPPORTED_KIND',
        `${source} is no ordinary file and is not copied.`,
        because('noOrdinaryFile', { name: source }),
      )
    if (COPIES_MORE) making(target, () => fs.copyFileSync(source, target, fs.constants.COPYFILE_EXCL))
    const to = making(target, () => fs.openSync(systemPath(target), COPIES_MORE ? 'r+' : 'wx', 0o600))
    let isHandedOver = false
    try {
      if (COPIES_MORE) options.onBytes(Number(before.size))
      else await copyBytes({ from, source, to, target }, before, options)
      if (options.keeper) {
        isHandedOver = true
        await options.keeper.add(to, target)
      }
    } finally {
      if (!isHandedOver) fs.closeSync(to)
    }
    const after = reading(source, () => fs.fstatSync(from, { bigint: true }))
    return { before, hasChanged: after.size !== before.size || after.mtimeNs !== before.mtimeNs }
  } finally {
    fs.closeSync(from)
  }
}

interface Ends {
  from: number
  source: string
  to: number
  target: string
}

async function copyBytes(
  { from, source, to, target }: Ends,
  { size, blocks }: fs.BigIntStats,
  options: { checkpoint: () => Promise<void> | void; onBytes: (count: number) => void },
): Promise<void> {
  const hasHoles = blocks * 512n < size
  const buffer = Buffer.allocUnsafeSlow(Number(size < BigInt(CHUNK_BYTES) ? (size === 0n ? 1n : size) : CHUNK_BYTES))
  let at = 0
  for (;;) {
    const wait = options.checkpoint()
    if (wait) await wait
    const count = reading(source, () => fs.readSync(from, buffer, 0, buffer.byteLength, at))
    if (count === 0) break
    const bytes = buffer.subarray(0, count)
    writing(target, () => {
      if (hasHoles) writeAroundHoles(to, bytes, at)
      else writeAll(to, bytes, at)
    })
    at += count
    options.onBytes(count)
  }
  if (hasHoles)
    writing(target, () => {
      fs.ftruncateSync(to, at)
    })
}

function writeAll(to: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.byteLength;)
    done += fs.writeSync(to, bytes, done, bytes.byteLength - done, position + done)
}

function writeAroundHoles(to: number, bytes: Buffer, position: number): void {
  let begin = -1
  for (let at = 0; at < bytes.byteLength; at += HOLE_BYTES) {
    const end = Math.min(at + HOLE_BYTES, bytes.byteLength)
    const isHole = bytes.compare(ZEROS, 0, end - at, at, end) === 0
    if (!isHole && begin < 0) begin = at
    if (isHole && begin >= 0) {
      writeAll(to, bytes.subarray(begin, at), position + begin)
      begin = -1
    }
  }
  if (begin >= 0) writeAll(to, bytes.subarray(begin), position + begin)
}

function reading<T>(source: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw unreadable(error, source)
  }
}

function writing<T>(target: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw refused(error, target)
  }
}

export function unreadable(error: unknown, source: string): SourceFileError {
  if (error instanceof SourceFileError) return error
  if ((error as { code?: string }).code === 'ENOENT')
    return new SourceFileError('NO_SUCH_FILE', `“${source}” no longer exists.`, because('fileGone', { name: source }))
  const { code, message, details } = explainReadError(error, source)
  return new SourceFileError(code, message, details)
}

export function refused(error: unknown, target: string): FileAccessError {
  if (error instanceof FileAccessError) return error
  const { code, message, details } = explainWriteError(error, target)
  return new FileAccessError(code, message, details)
}
