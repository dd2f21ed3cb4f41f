import type { AuthorNode } from '../author-tree'
import { concatenated } from '../../image'
import { ByteWriter } from '../byte-writer'
import { fatTime } from './fat-time'

const ENTRY_LENGTH = 32
const Attribute = { directory: 0x10, archive: 0x20, longName: 0x0f } as const
const CHARACTERS_A_PIECE = 13
const LAST_PIECE = 0x40

/** A file or folder with its clusters. */
export interface FatNode {
  node: AuthorNode
  /** Null in the root. */
  parent: FatNode | null
  children: FatNode[]
  /** Its first cluster; 0 for an empty file. The upper half of it counts in FAT32 alone. */
  first: number
  clusters: number
}

/** FAT 1.03, 6 and 7: the entries of a directory; `own` is given for all but the root. */
export function directoryEntries(children: readonly FatNode[], own?: FatNode): Uint8Array {
  const parts: Uint8Array[] = []
  if (own !== undefined) {
    parts.push(entry('.'.padEnd(11), own), entry('..'.padEnd(11), own.parent ?? { ...own, first: 0 }))
  }
  const taken = new Set<string>()
  for (const child of children) {
    const { name } = child.node
    const short = shortName(name, taken)
    taken.add(short)
    if (readable(short) !== name) parts.push(...longNameEntries(name, short))
    parts.push(entry(short, child))
  }
  return concatenated(parts)
}

function entry(short: string, { node, first }: FatNode): Uint8Array {
  const { date, time } = fatTime(node.modified)
  const isDirectory = node.kind === 'directory'
  return new ByteWriter(ENTRY_LENGTH)
    .text(0, short, 11)
    .u8(11, isDirectory ? Attribute.directory : Attribute.archive)
    .u16Le(14, time)
    .u16Le(16, date)
    .u16Le(18, date)
    .u16Le(20, Math.floor(first / 0x10000))
    .u16Le(22, time)
    .u16Le(24, date)
    .u16Le(26, first & 0xffff)
    .u32Le(28, isDirectory ? 0 : (node.content?.byteLength ?? 0)).bytes
}

/** Eight characters and three, in capitals, unlike those that are taken. */
function shortName(name: string, taken: ReadonlySet<string>): string {
  const dot = name.lastIndexOf('.')
  const clean = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9_\-~!#$%&'()@^`{}]/g, '_')
  const stem = clean(dot > 0 ? name.slice(0, dot) : name)
  const extension = clean(dot > 0 ? name.slice(dot + 1) : '').slice(0, 3)
  const whole = (front: string): string => front.padEnd(8) + extension.padEnd(3)
  const fits = readable(whole(stem.slice(0, 8))) === name.toUpperCase()
  if (fits && !taken.has(whole(stem))) return whole(stem)
  for (let number = 1; ; number++) {
    const suffix = `~${number}`
    const short = whole(stem.slice(0, 8 - suffix.length) + suffix)
    if (!taken.has(short)) return short
  }
}

function readable(short: string): string {
  const [stem, extension] = [short.slice(0, 8).trimEnd(), short.slice(8).trimEnd()]
  return extension === '' ? stem : `${stem}.${extension}`
}

/** FAT 1.03, 7: the name in pieces, the last one first. */
function longNameEntries(name: string, short: string): Uint8Array[] {
  let sum = 0
  for (let i = 0; i < 11; i++) sum = (((sum & 1) << 7) + (sum >> 1) + short.charCodeAt(i)) & 0xff
  const count = Math.ceil(name.length / CHARACTERS_A_PIECE)
  const pieces: Uint8Array[] = []
  for (let piece = count; piece >= 1; piece--) {
    const writer = new ByteWriter(ENTRY_LENGTH)
      .u8(0, piece | (piece === count ? LAST_PIECE : 0))
      .u8(11, Attribute.longName)
      .u8(13, sum)
    for (let i = 0; i < CHARACTERS_A_PIECE; i++) {
      const at = (piece - 1) * CHARACTERS_A_PIECE + i
      // One zero ends the name, and the rest is filled up with ones.
      const code = at < name.length ? name.charCodeAt(at) : at === name.length ? 0 : 0xffff
      writer.u16Le(i < 5 ? 1 + i * 2 : i < 11 ? 14 + (i - 5) * 2 : 28 + (i - 11) * 2, code)
    }
    pieces.push(writer.bytes)
  }
  return pieces
}
