import { AuthorError } from '../author-error'
import type { AuthorContent, AuthorNode } from '../author-tree'
import { fatTime } from '../boot/fat-time'
import { ByteWriter } from '../byte-writer'
import type { Segment } from '../layout'
import type { PlannedVolume, VolumeOptions } from './fat32'
import { assertFatNames } from './names'
import { upcaseTable } from './upcase'

const SECTOR = 512
const ENTRY = 32
const FIRST_CLUSTER = 2
const END_OF_CHAIN = 0xffffffff
const BOOT_SECTORS = 12
const CHARACTERS_A_NAME_ENTRY = 15
/** exFAT 7: types of entries. */
const Type = { bitmap: 0x81, upcase: 0x82, label: 0x83, file: 0x85, stream: 0xc0, name: 0xc1 } as const
const Attribute = { directory: 0x10, archive: 0x20 } as const
/** exFAT 6.3.4: it has clusters; and they follow on one another, without a chain in the table. */
const CONTIGUOUS = 0x03
const LABEL_LIMIT = 11
const CONTROLS = new RegExp('[\\u0000-\\u001f\\u007f-\\u009f]', 'g')
const ALIGNMENT = 1 << 20
const SMALL = 64 << 20
const CLUSTERS_AT_LEAST = 16
/** In bytes, with the smallest of everything: boot regions, one page of the table, clusters. */
export const LEAST_EXFAT = Math.ceil((4 * BOOT_SECTORS + 1) / 8) * 4096 + CLUSTERS_AT_LEAST * 4096

interface Placed {
  node: AuthorNode
  children: Placed[]
  first: number
  clusters: number
  /** In bytes: of a folder, whole clusters. */
  byteLength: number
}

/**
 * An exFAT volume of a tree (exFAT 1.0, 3 to 7). Whatever it holds lies in one piece.
 * @throws {AuthorError} `IMAGE_TOO_LARGE` where the tree does not fit; `BAD_REQUEST` for names that it cannot hold
 */
export function planExfat(root: AuthorNode, options: VolumeOptions): PlannedVolume {
  assertFatNames(root)
  const { byteLength, label } = options
  const clusterLength = clusterLengthFor(byteLength)
  const alignment = byteLength < SMALL ? 4096 : ALIGNMENT
  const sectorCount = Math.floor(byteLength / SECTOR)
  const fatAt = alignment / SECTOR < 2 * BOOT_SECTORS ? 4 * BOOT_SECTORS : alignment / SECTOR
  const most = Math.floor(byteLength / clusterLength)
  const fatSectors = Math.ceil(((most + FIRST_CLUSTER) * 4) / SECTOR)
  const heapAt = (Math.ceil(((fatAt + fatSectors) * SECTOR) / alignment) * alignment) / SECTOR
  const clusterCount = Math.floor(((sectorCount - heapAt) * SECTOR) / clusterLength)
  if (clusterCount < CLUSTERS_AT_LEAST)
    throw new AuthorError(
      'IMAGE_TOO_LARGE',
      `A volume of ${byteLength} bytes is too small for exFAT, which needs ${LEAST_EXFAT} at least. Use a larger drive.`,
    )
  const upcase = upcaseTable()
  const bitmapLength = Math.ceil(clusterCount / 8)
  let next = FIRST_CLUSTER
  const take = (length: number): number => {
    const first = next
    next += Math.ceil(length / clusterLength)
    return first
  }
  const bitmapFirst = take(bitmapLength)
  const upcaseFirst = take(upcase.bytes.byteLength)
  const tree = placeTree(root, clusterLength, take)
  const used = next - FIRST_CLUSTER
  if (used > clusterCount)
    throw new AuthorError(
      'IMAGE_TOO_LARGE',
      `The files need ${used * clusterLength} bytes, and the volume has room for ${clusterCount * clusterLength}.`,
    )
  const segments: Segment[] = []
  const put = (byteOffset: number, bytes: Uint8Array): void => {
    segments.push({ kind: 'bytes', bytes, byteOffset, byteLength: bytes.byteLength })
  }
  const placeOf = (cluster: number): number => heapAt * SECTOR + (cluster - FIRST_CLUSTER) * clusterLength
  const boot = bootRegion({
    options,
    sectorCount,
    fatAt,
    fatSectors,
    heapAt,
    clusterCount,
    rootFirst: tree.root.first,
    clusterLength,
    used,
  })
  put(0, boot)
  put(BOOT_SECTORS * SECTOR, boot)
  const chains: [number, number][] = [
    [bitmapFirst, upcaseFirst - bitmapFirst],
    [upcaseFirst, Math.ceil(upcase.bytes.byteLength / clusterLength)],
    [tree.root.first, tree.root.clusters],
  ]
  put(fatAt * SECTOR, allocationTable(chains))
  put(placeOf(bitmapFirst), bitmapOf(used, bitmapLength))
  put(placeOf(upcaseFirst), upcase.bytes)
  const own = [
    labelEntry(label),
    new ByteWriter(ENTRY).u8(0, Type.bitmap).u32Le(20, bitmapFirst).u64Le(24, bitmapLength).bytes,
    new ByteWriter(ENTRY)
      .u8(0, Type.upcase)
      .u32Le(4, upcase.sum)
      .u32Le(20, upcaseFirst)
      .u64Le(24, upcase.bytes.byteLength).bytes,
  ]
  const places = new Map<AuthorContent, number>()
  for (const placed of tree.all) {
    if (placed.clusters === 0) continue
    const { content, kind } = placed.node
    const at = placeOf(placed.first)
    if (kind === 'directory') {
      const sets = placed.children.map((child) => entrySet(child, upcase.fold))
      put(at, Buffer.concat(placed === tree.root ? [...own, ...sets] : sets))
    } else if (content !== null) {
      places.set(content, at)
      segments.push({ kind: 'content', content, byteOffset: at, byteLength: content.byteLength })
    }
  }
  return { segments, usedByteLength: Math.min(placeOf(next), byteLength), places }
}

/** As other programs choose it. */
function clusterLengthFor(byteLength: number): number {
  if (byteLength <= 256 << 20) return 4096
  return byteLength <= 32 * 2 ** 30 ? 32_768 : 131_072
}

function placeTree(
  root: AuthorNode,
  clusterLength: number,
  take: (byteLength: number) => number,
): { root: Placed; all: Placed[] } {
  const all: Placed[] = []
  const visit = (node: AuthorNode): Placed => {
    const own: Placed = { node, children: [], first: 0, clusters: 0, byteLength: 0 }
    all.push(own)
    const kept = node.children.filter(({ kind }) => kind === 'file' || kind === 'directory')
    own.children = kept.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(visit)
    return own
  }
  const placedRoot = visit(root)
  const position = ({ node }: Placed): number => node.content?.discPosition ?? Infinity
  const isFolder = ({ node }: Placed): boolean => node.kind === 'directory'
  const files = all.filter((each) => !isFolder(each))
  const ordered = files.toSorted((a, b) => (position(a) === position(b) ? 0 : position(a) - position(b)))
  for (const own of [...all.filter(isFolder), ...ordered]) {
    const length = isFolder(own) ? folderLength(own, own === placedRoot) : (own.node.content?.byteLength ?? 0)
    own.clusters = Math.ceil(length / clusterLength)
    own.byteLength = isFolder(own) ? own.clusters * clusterLength : length
    own.first = own.clusters === 0 ? 0 : take(length)
  }
  return { root: placedRoot, all }
}

/** The root has three entries of its own; a folder has a cluster even where nothing is in it. */
function folderLength({ children }: Placed, isRoot: boolean): number {
  return children.reduce((sum, { node }) => sum + setLength(node.name), isRoot ? 3 * ENTRY : ENTRY)
}

function setLength(name: string): number {
  return (2 + Math.ceil(name.length / CHARACTERS_A_NAME_ENTRY)) * ENTRY
}

interface BootFacts {
  options: VolumeOptions
  sectorCount: number
  fatAt: number
  fatSectors: number
  heapAt: number
  clusterCount: number
  rootFirst: number
  clusterLength: number
  used: number
}

/** exFAT 3: boot sector, eight further ones, parameters, one that is kept free, and the sum of all of them. */
function bootRegion(facts: BootFacts): Uint8Array {
  const { options, sectorCount, fatAt, fatSectors, heapAt, clusterCount, rootFirst, clusterLength, used } = facts
  const writer = new ByteWriter(BOOT_SECTORS * SECTOR)
    .set(0, [0xeb, 0x76, 0x90])
    .text(3, 'EXFAT', 8)
    .u64Le(64, options.byteOffset / SECTOR)
    .u64Le(72, sectorCount)
    .u32Le(80, fatAt)
    .u32Le(84, fatSectors)
    .u32Le(88, heapAt)
    .u32Le(92, clusterCount)
    .u32Le(96, rootFirst)
    .u32Le(100, options.serial)
    .u16Le(104, 0x0100)
    .u8(108, Math.log2(SECTOR))
    .u8(109, Math.log2(clusterLength / SECTOR))
    .u8(110, 1)
    .u8(111, 0x80)
    .u8(112, Math.floor((used * 100) / clusterCount))
  // exFAT 3.1.18: what a processor would stop at.
  writer.bytes.fill(0xf4, 120, 510)
  writer.set(510, [0x55, 0xaa])
  for (let sector = 1; sector <= 8; sector++) writer.set((sector + 1) * SECTOR - 2, [0x55, 0xaa])
  const { bytes } = writer
  let sum = 0
  for (let i = 0; i < 11 * SECTOR; i++) {
    // exFAT 3.4: what changes while it is used is not counted.
    if (i === 106 || i === 107 || i === 112) continue
    sum = (((sum << 31) | (sum >>> 1)) + (bytes[i] ?? 0)) >>> 0
  }
  for (let at = 11 * SECTOR; at < BOOT_SECTORS * SECTOR; at += 4) writer.u32Le(at, sum)
  return bytes
}

function allocationTable(chains: readonly (readonly [first: number, count: number])[]): Uint8Array {
  const last = Math.max(...chains.map(([first, count]) => first + count))
  const writer = new ByteWriter(last * 4).u32Le(0, 0xfffffff8).u32Le(4, END_OF_CHAIN)
  for (const [first, count] of chains)
    for (let i = 0; i < count; i++) writer.u32Le((first + i) * 4, i + 1 < count ? first + i + 1 : END_OF_CHAIN)
  return writer.bytes
}

function bitmapOf(used: number, byteLength: number): Uint8Array {
  const bitmap = new Uint8Array(byteLength).fill(0xff, 0, used >> 3)
  if (used % 8 > 0) bitmap[used >> 3] = (1 << (used % 8)) - 1
  return bitmap
}

/** exFAT 7.3: eleven characters, none of which moves a cursor. */
export function exfatLabel(label: string): string {
  return label.replace(CONTROLS, '_').slice(0, LABEL_LIMIT)
}

function labelEntry(label: string): Uint8Array {
  const shown = exfatLabel(label)
  const writer = new ByteWriter(ENTRY).u8(0, Type.label).u8(1, shown.length)
  for (let i = 0; i < shown.length; i++) writer.u16Le(2 + i * 2, shown.charCodeAt(i))
  return writer.bytes
}

/** exFAT 7.4, 7.6 and 7.7: a file or folder with all its entries, and their sum. */
function entrySet({ node, first, clusters, byteLength }: Placed, fold: (code: number) => number): Uint8Array {
  const { name } = node
  const writer = new ByteWriter(setLength(name))
  const isFolder = node.kind === 'directory'
  // exFAT 7.4.8: as FAT has it, the date in the upper half.
  const { date, time: minutes } = fatTime(node.modified)
  const time = date * 0x10000 + minutes
  writer
    .u8(0, Type.file)
    .u8(1, writer.bytes.byteLength / ENTRY - 1)
    .u16Le(4, isFolder ? Attribute.directory : Attribute.archive)
    .u32Le(8, time)
    .u32Le(12, time)
    .u32Le(16, time)
    // exFAT 7.4.10: the times are in UTC.
    .set(22, [0x80, 0x80, 0x80])
    .u8(32, Type.stream)
    .u8(33, clusters === 0 ? 0x01 : CONTIGUOUS)
    .u8(35, name.length)
    .u16Le(36, nameHash(name, fold))
    .u64Le(40, byteLength)
    .u32Le(52, first)
    .u64Le(56, byteLength)
  for (let i = 0; i < name.length; i++) {
    const at = 2 * ENTRY + Math.floor(i / CHARACTERS_A_NAME_ENTRY) * ENTRY
    writer.u8(at, Type.name).u16Le(at + 2 + (i % CHARACTERS_A_NAME_ENTRY) * 2, name.charCodeAt(i))
  }
  const { bytes } = writer
  let sum = 0
  for (let i = 0; i < bytes.byteLength; i++)
    if (i !== 2 && i !== 3) sum = (((sum << 15) | (sum >>> 1)) + (bytes[i] ?? 0)) & 0xffff
  return writer.u16Le(2, sum).bytes
}

/** exFAT 7.6.4: of the name in capitals. */
function nameHash(name: string, fold: (code: number) => number): number {
  let hash = 0
  for (let i = 0; i < name.length; i++) {
    const code = fold(name.charCodeAt(i))
    for (const byte of [code & 0xff, code >> 8]) hash = (((hash << 15) | (hash >>> 1)) + byte) & 0xffff
  }
  return hash
}
