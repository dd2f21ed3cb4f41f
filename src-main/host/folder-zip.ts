import { READ_LIMIT, ROW_WINDOW_LIMIT, type ImageRow } from '../../src-shared/contract'
import { ZipWriter, type ZipEntry } from '../zip'
import type { EngineClient } from './engine-client'

/** What is to be packed: entries of a view, each under its own name. */
export interface ZipWish {
  image: number
  generation: number
  view: string
  entries: readonly number[]
}

const FILE_MODE = 0o100_000
const FOLDER_MODE = 0o040_755
const SYMLINK_MODE = 0o120_777
/** Deeper than any disc goes: whatever leads further leads in a circle. */
const DEPTH_AT_MOST = 256
const DAMAGED_LIST = 'Damaged files.txt'
const LINKS_LIST = 'Links left out.txt'

/**
 * Packs entries of an image while they are sent: nothing is written anywhere, and no more than one read is in memory.
 * What cannot be read stands as zeros and is named in a list at the archive's end.
 */
export async function* zipEntries(
  engine: EngineClient,
  wish: ZipWish,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const packing = new Packing(engine, wish, signal, writable).run()
  // An error reaches the reader through the stream; here it only must not go unheard.
  packing.catch(() => undefined)
  yield* readable
  await packing
}

class Packing {
  private readonly zip: ZipWriter
  private readonly damaged: string[] = []
  private readonly leftOut: string[] = []
  private readonly ref: Omit<ZipWish, 'entries'>
  private readonly writer: WritableStreamDefaultWriter<Uint8Array>

  constructor(
    private readonly engine: EngineClient,
    private readonly wish: ZipWish,
    private readonly signal: AbortSignal,
    writable: WritableStream<Uint8Array>,
  ) {
    const { image, generation, view } = wish
    this.ref = { image, generation, view }
    this.writer = writable.getWriter()
    this.zip = new ZipWriter({
      write: async (bytes) => {
        await this.writer.write(bytes)
      },
    })
  }

  async run(): Promise<void> {
    try {
      const names = new Set<string>()
      for (const entry of this.wish.entries) {
        const row = await this.engine.call('entry.details', { ...this.ref, entry }, this.signal)
        if (entry === 0) await this.addChildren(0, '', 0)
        else await this.add(row, '', names, 0)
      }
      await this.addList(freeIn(names, DAMAGED_LIST), this.damaged)
      await this.addList(freeIn(names, LINKS_LIST), this.leftOut)
      await this.zip.finish()
      await this.writer.close()
    } catch (error) {
      await this.writer.abort(error).catch(() => undefined)
      throw error
    }
  }

  private async addList(path: string, lines: readonly string[]): Promise<void> {
    if (lines.length > 0)
      await this.zip.whole({ path, modified: NaN, mode: 0o100_644 }, Buffer.from(lines.join('\n') + '\n'))
  }

  private async addChildren(directory: number, path: string, depth: number): Promise<void> {
    if (depth > DEPTH_AT_MOST) return
    const names = new Set<string>()
    for (let offset = 0; ; offset += ROW_WINDOW_LIMIT) {
      const asked = { ...this.ref, directory, offset, limit: ROW_WINDOW_LIMIT }
      const { rows, total } = await this.engine.call('image.rows', asked, this.signal)
      for (const row of rows) await this.add(row, path, names, depth)
      if (rows.length === 0 || offset + rows.length >= total) return
    }
  }

  private async add(row: ImageRow, folder: string, names: Set<string>, depth: number): Promise<void> {
    this.signal.throwIfAborted()
    const path = folder + freeIn(names, zipName(row.name))
    const entryOf = (mode: number): ZipEntry => ({ path, modified: row.modified ?? NaN, mode })
    if (row.kind === 'directory') {
      await this.zip.folder({ ...entryOf(FOLDER_MODE), path: `${path}/` })
      await this.addChildren(row.entry, `${path}/`, depth + 1)
    } else if (row.kind === 'symlink') {
      const target = row.target ?? ''
      if (linkStaysBelow(target, path.split('/').length - 1))
        await this.zip.whole(entryOf(SYMLINK_MODE), Buffer.from(target))
      else this.leftOut.push(path)
    } else if (row.kind === 'file') {
      const entry = entryOf(FILE_MODE | ((row.mode ?? 0o644) & 0o777))
      const pieces = this.content(row, path)
      if (row.byteLength > READ_LIMIT) await this.zip.stream(entry, row.byteLength, pieces)
      else await this.zip.whole(entry, (await pieces.next()).value ?? new Uint8Array())
    }
    // Devices and pipes have no place in an archive.
  }

  private async *content(row: ImageRow, path: string): AsyncGenerator<Uint8Array, void> {
    let isWhole = true
    for (let byteOffset = 0; byteOffset < row.byteLength;) {
      this.signal.throwIfAborted()
      const byteLength = Math.min(READ_LIMIT, row.byteLength - byteOffset)
      const bytes = await this.read(row.entry, byteOffset, byteLength)
      if (bytes.byteLength < byteLength && isWhole) {
        isWhole = false
        this.damaged.push(path)
      }
      byteOffset += byteLength
      yield bytes.byteLength === byteLength ? bytes : padded(bytes, byteLength)
    }
  }

  /** As many bytes as can be read; none where the disc is damaged. */
  private async read(entry: number, byteOffset: number, byteLength: number): Promise<Uint8Array> {
    try {
      return (await this.engine.call('entry.read', { ...this.ref, entry, byteOffset, byteLength }, this.signal)).bytes
    } catch (error) {
      this.signal.throwIfAborted()
      const code = (error as { code?: string }).code
      // An image that is gone altogether ends the archive; a spot on it does not.
      if (code === 'IMAGE_CLOSED' || code === 'ENTRY_GONE' || code === 'ENGINE_GONE') throw error
      return new Uint8Array()
    }
  }
}

function padded(bytes: Uint8Array, byteLength: number): Uint8Array {
  const whole = new Uint8Array(byteLength)
  whole.set(bytes)
  return whole
}

const UNSAFE = new RegExp('[\\u0000-\\u001f\\\\/:*?"<>|]', 'g')

/** An archive travels: a name that every system can unpack, and that leads nowhere else. */
export function zipName(name: string): string {
  const safe = name.replace(UNSAFE, '_').replace(/[. ]+$/, (end) => '_'.repeat(end.length))
  return safe === '' ? '_' : safe
}

/**
 * Whether a link surely stays inside the archive, told without its tree, which is not known while it is sent: `..` comes
 * first only, from a folder that is none by way of a link. Then whatever names follow lead down, or through links of which
 * the same holds.
 * @param depth folders of the archive around the link
 */
export function linkStaysBelow(target: string, depth: number): boolean {
  if (target === '' || /^(?:[/\\]|[A-Za-z]:)/.test(target) || target.includes('\0')) return false
  const names = target.split(/[/\\]/).filter((name) => name !== '' && name !== '.')
  const up = names.filter((name) => name === '..').length
  return up <= depth && names.lastIndexOf('..') === up - 1
}

function freeIn(names: Set<string>, wanted: string): string {
  let name = wanted
  for (let number = 2; names.has(name.toLowerCase()); number++) name = `${wanted} (${number})`
  names.add(name.toLowerCase())
  return name
}
