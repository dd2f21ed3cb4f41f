import { matchesAscii, readU32Be, readU32Le, readU64Be, readU64Le } from '../image/core/byte-reader'
import type { ByteSource } from '../image/core/byte-source'

const BLOCK = 2048
/** What has no record and no length of its own ends here at the latest. */
const OPEN_ENDED_LIMIT = 256 << 20
/** Headers that are remembered. */
const FOUND_LIMIT = 200_000
/** Parts of one file (chunks, atoms) that are followed. */
const PARTS_LIMIT = 100_000
const WINDOW = 64 << 10

interface Kind {
  kind: string
  extension: string
  matches(bytes: Uint8Array, at: number): boolean
  /**
   * How long what begins there is, in bytes, by what it says itself; null where it does not say, or is none.
   * @param limit it ends no later
   */
  measure(source: ByteSource, start: number, limit: number): Promise<number | null>
}

/** Kinds of files that are known by their first bytes, and say where they end. */
const KINDS: readonly Kind[] = [
  {
    kind: 'png',
    extension: 'png',
    matches: (b, at) => matchesAscii(b, at, '\u0089PNG\r\n\u001a\n'),
    measure: measurePng,
  },
  {
    kind: 'jpeg',
    extension: 'jpg',
    matches: (b, at) => b[at] === 0xff && b[at + 1] === 0xd8 && b[at + 2] === 0xff,
    measure: endBehind([0xff, 0xd9]),
  },
  {
    kind: 'gif',
    extension: 'gif',
    matches: (b, at) => matchesAscii(b, at, 'GIF87a') || matchesAscii(b, at, 'GIF89a'),
    measure: endBehind([0x00, 0x3b]),
  },
  {
    kind: 'pdf',
    extension: 'pdf',
    matches: (b, at) => matchesAscii(b, at, '%PDF-'),
    measure: endBehind([0x25, 0x25, 0x45, 0x4f, 0x46]),
  },
  { kind: 'zip', extension: 'zip', matches: (b, at) => matchesAscii(b, at, 'PK\u0003\u0004'), measure: measureZip },
  {
    kind: '7z',
    extension: '7z',
    matches: (b, at) => matchesAscii(b, at, "7z\u00bc\u00af'\u001c"),
    measure: measureSevenZip,
  },
  { kind: 'riff', extension: 'riff', matches: (b, at) => matchesAscii(b, at, 'RIFF'), measure: measureRiff },
  { kind: 'mp4', extension: 'mp4', matches: (b, at) => matchesAscii(b, at + 4, 'ftyp'), measure: measureAtoms },
  {
    kind: 'bmp',
    extension: 'bmp',
    matches: (b, at) => matchesAscii(b, at, 'BM') && readU32Le(b, at + 6) === 0,
    measure: measureBmp,
  },
]

export interface Carved {
  kind: string
  extension: string
  byteOffset: number
  byteLength: number
}

/** Notes where files of known kinds begin, and measures them where no record has done so. */
export class Carver {
  private readonly found: { kind: Kind; byteOffset: number }[] = []

  /** @param byteOffset a multiple of 2048 */
  look(bytes: Uint8Array, byteOffset: number): void {
    for (let at = 0; at + 16 <= bytes.byteLength; at += BLOCK) {
      const kind = KINDS.find((each) => each.matches(bytes, at))
      if (kind !== undefined && this.found.length < FOUND_LIMIT) this.found.push({ kind, byteOffset: byteOffset + at })
    }
  }

  /**
   * What begins outside of every file that is recorded.
   * @param nextRecorded where the next recorded file begins at or behind a place; the place itself inside of one
   */
  async carve(source: ByteSource, nextRecorded: (byteOffset: number) => number): Promise<Carved[]> {
    const carved: Carved[] = []
    let end = 0
    for (const { kind, byteOffset } of this.found) {
      const limit = Math.min(source.byteLength, nextRecorded(byteOffset))
      if (byteOffset < end || limit <= byteOffset) continue
      const byteLength = await kind.measure(source, byteOffset, limit)
      if (byteLength === null || byteLength <= 0 || byteOffset + byteLength > limit) continue
      carved.push({ kind: kind.kind, extension: kind.extension, byteOffset, byteLength })
      end = byteOffset + byteLength
    }
    return carved
  }
}

/** Behind the first place at which some bytes stand before the blocks are zeros, or another file begins. */
function endBehind(mark: readonly number[]): Kind['measure'] {
  return async (source, start, limit) => {
    const end = Math.min(limit, start + OPEN_ENDED_LIMIT)
    const wanted = Buffer.from(mark)
    let last: number | null = null
    for (let at = start; at < end; at += WINDOW) {
      const bytes = Buffer.from(await source.read(at, Math.min(WINDOW + mark.length - 1, end - at)))
      if (at > start && KINDS.some((kind) => kind.matches(bytes, 0))) break
      const found = bytes.lastIndexOf(wanted)
      if (found >= 0) last = at + found + mark.length - start
      // The end of what was written: the mark stands before padding, not inside of data.
      else if (last !== null) break
    }
    return last
  }
}

async function measurePng(source: ByteSource, start: number, limit: number): Promise<number | null> {
  let at = start + 8
  for (let parts = 0; at + 12 <= limit && parts < PARTS_LIMIT; parts++) {
    const head = await source.read(at, 8)
    const length = readU32Be(head, 0)
    if (length > limit - at - 12) return null
    at += length + 12
    if (matchesAscii(head, 4, 'IEND')) return at - start
  }
  return null
}

async function measureAtoms(source: ByteSource, start: number, limit: number): Promise<number | null> {
  let at = start
  for (let parts = 0; at + 8 <= limit && parts < PARTS_LIMIT; parts++) {
    const head = await source.read(at, 16)
    const name = Buffer.from(head.subarray(4, 8)).toString('latin1')
    if (!/^[a-zA-Z0-9 ©]{4}$/.test(name)) break
    const short = readU32Be(head, 0)
    const length = short === 1 ? readU64Be(head, 8) : short
    if (length < 8 || length > limit - at) break
    at += length
  }
  return at > start + 16 ? at - start : null
}

async function measureZip(source: ByteSource, start: number, limit: number): Promise<number | null> {
  const end = Math.min(limit, start + 4 * OPEN_ENDED_LIMIT)
  const mark = Buffer.from('PK\u0005\u0006', 'latin1')
  for (let at = start; at < end; at += WINDOW) {
    const bytes = Buffer.from(await source.read(at, Math.min(WINDOW + 22, end - at)))
    for (let found = bytes.indexOf(mark); found >= 0; found = bytes.indexOf(mark, found + 1)) {
      if (found + 22 > bytes.byteLength) break
      // Its directory lies in front of its end, or this is the end of another one that lies in it.
      const directory = readU32Le(bytes, found + 12) + readU32Le(bytes, found + 16)
      if (directory === at + found - start) return at + found - start + 22 + bytes.readUInt16LE(found + 20)
    }
  }
  return null
}

async function measureSevenZip(source: ByteSource, start: number): Promise<number | null> {
  const head = await source.read(start, 32)
  const length = 32 + readU64Le(head, 12) + readU64Le(head, 20)
  return Number.isSafeInteger(length) ? length : null
}

async function measureRiff(source: ByteSource, start: number): Promise<number | null> {
  return readU32Le(await source.read(start, 8), 4) + 8
}

async function measureBmp(source: ByteSource, start: number): Promise<number | null> {
  return readU32Le(await source.read(start, 8), 2)
}
