import { AuthorError } from '../author-error'
import type { AuthorContent, AuthorNode } from '../author-tree'
import { directoryEntries, type FatNode } from '../boot/fat-directory'
import { ByteWriter } from '../byte-writer'
import { concatenated } from '../../image'
import type { Segment } from '../layout'
import { assertFatNames } from './names'

const SECTOR = 512
const ENTRY_LENGTH = 32
const FAT_COUNT = 2
const MEDIA = 0xf8
const END_OF_CHAIN = 0x0fffffff
const ROOT_CLUSTER = 2
/** FAT 1.03, 3.5: with fewer clusters it would be taken for FAT16. */
export const FAT32_CLUSTERS_AT_LEAST = 65_525
const CLUSTERS_AT_MOST = 0x0ffffff5
const SECTORS_AT_MOST = 0xffffffff
const RESERVED_AT_LEAST = 32
const BACKUP_SECTOR = 6
/** The length of a file is a number of 32 bits. */
export const FAT_FILE_LIMIT = 0xffffffff
/** Flash is written in large blocks: contents begin at one. */
const ALIGNMENT = 2048
/** What a volume takes for itself is not worth a whole block in a small one. */
const SMALL_SECTORS = (512 << 20) / SECTOR

/** A volume: what it is made of, at its places in bytes of the volume, and how much of it has to be written. */
export interface PlannedVolume {
  segments: Segment[]
  /** From its first byte: what lies behind is not used. */
  usedByteLength: number
  /** Where contents begin, in bytes of the volume. */
  places: Map<AuthorContent, number>
}

export interface VolumeOptions {
  label: string
  /** Of the whole volume. */
  byteLength: number
  /** Of the drive, in bytes: boot code finds the volume by it. */
  byteOffset: number
  /** Of the volume, in 32 bits. */
  serial: number
}

/**
 * A FAT32 volume of a tree: long names, two tables, FSInfo, a copy of its boot sector (FAT 1.03, 3 to 7).
 * @throws {AuthorError} `IMAGE_TOO_LARGE` where the tree does not fit, or the volume has too little room for FAT32;
 *   `FILE_TOO_LARGE`; `BAD_REQUEST` for names that FAT cannot hold
 */
export function planFat32(root: AuthorNode, options: VolumeOptions): PlannedVolume {
  assertFatNames(root)
  const geometry = geometryFor(options.byteLength)
  const { clusterLength, dataSector, clusterCount, sectorCount } = geometry
  const tree = placeTree(root, clusterLength)
  const used = tree.next - ROOT_CLUSTER
  if (used > clusterCount)
    throw new AuthorError(
      'IMAGE_TOO_LARGE',
      `The files need ${used * clusterLength} bytes, and the volume has room for ${clusterCount * clusterLength}.`,
    )
  const segments: Segment[] = []
  const put = (sector: number, bytes: Uint8Array): void => {
    segments.push({ kind: 'bytes', bytes, byteOffset: sector * SECTOR, byteLength: bytes.byteLength })
  }
  const boot = bootSectors(geometry, options, clusterCount - used, tree.next)
  put(0, boot)
  put(BACKUP_SECTOR, boot)
  const fat = allocationTable(tree.nodes)
  for (let copy = 0; copy < FAT_COUNT; copy++) put(geometry.reservedSectors + copy * geometry.fatSectors, fat)
  const places = new Map<AuthorContent, number>()
  for (const fatNode of tree.nodes) {
    if (fatNode.first === 0) continue
    const sector = dataSector + (fatNode.first - ROOT_CLUSTER) * geometry.sectorsPerCluster
    const { content } = fatNode.node
    if (content !== null) {
      places.set(content, sector * SECTOR)
      segments.push({ kind: 'content', content, byteOffset: sector * SECTOR, byteLength: content.byteLength })
    } else if (fatNode === tree.root)
      put(sector, concatenated([volumeLabel(options.label), directoryEntries(fatNode.children)]))
    else put(sector, directoryEntries(fatNode.children, fatNode))
  }
  const usedByteLength = Math.min(dataSector * SECTOR + used * clusterLength, sectorCount * SECTOR)
  return { segments, usedByteLength, places }
}

/** What the smallest volume has that is FAT32, in bytes. */
function smallestVolume(): number {
  for (let sectorCount = FAT32_CLUSTERS_AT_LEAST; ;) {
    const needed = dataSectorOf(sectorCount, 1).dataSector + FAT32_CLUSTERS_AT_LEAST
    if (needed <= sectorCount) return sectorCount * SECTOR
    sectorCount = needed
  }
}

/** How long a FAT32 volume must be at least, in bytes, to hold a tree. @param clusterLength in bytes */
export function leastFat32(root: AuthorNode): number {
  for (const clusterLength of [512, 4096, 8192, 16_384, 32_768]) {
    const clusters = Math.max(placeTree(root, clusterLength).next, FAT32_CLUSTERS_AT_LEAST + 16)
    const tables = Math.ceil(((clusters + 2) * 4) / SECTOR) * FAT_COUNT * SECTOR
    const byteLength = clusters * clusterLength + tables + 2 * ALIGNMENT * SECTOR
    if (clusterLengthFor(byteLength) <= clusterLength) return byteLength
  }
  throw new AuthorError('IMAGE_TOO_LARGE', 'The files are too many for a FAT32 volume.')
}

interface Geometry {
  sectorCount: number
  sectorsPerCluster: number
  clusterLength: number
  reservedSectors: number
  fatSectors: number
  dataSector: number
  clusterCount: number
}

/** As other programs choose it, so that firmware has seen the like. */
function clusterLengthFor(byteLength: number): number {
  const MIB = 1 << 20
  if (byteLength <= 260 * MIB) return 512
  if (byteLength <= 8192 * MIB) return 4096
  if (byteLength <= 16_384 * MIB) return 8192
  return byteLength <= 32_768 * MIB ? 16_384 : 32_768
}

/** Where contents begin, behind both tables, and how long one of these is; in sectors. */
function dataSectorOf(sectorCount: number, sectorsPerCluster: number): { fatSectors: number; dataSector: number } {
  const most = Math.floor((sectorCount - RESERVED_AT_LEAST) / sectorsPerCluster)
  const fatSectors = Math.ceil(((Math.min(most, CLUSTERS_AT_MOST) + 2) * 4) / SECTOR)
  const alignment = sectorCount < SMALL_SECTORS ? 8 : ALIGNMENT
  return { fatSectors, dataSector: Math.ceil((RESERVED_AT_LEAST + FAT_COUNT * fatSectors) / alignment) * alignment }
}

/** @throws {AuthorError} `IMAGE_TOO_LARGE` for a volume that cannot be FAT32 */
function geometryFor(byteLength: number): Geometry {
  const sectorCount = Math.min(Math.floor(byteLength / SECTOR), SECTORS_AT_MOST)
  const clusterLength = clusterLengthFor(byteLength)
  const sectorsPerCluster = clusterLength / SECTOR
  const { fatSectors, dataSector } = dataSectorOf(sectorCount, sectorsPerCluster)
  const reservedSectors = dataSector - FAT_COUNT * fatSectors
  const clusterCount = Math.min(Math.floor((sectorCount - dataSector) / sectorsPerCluster), CLUSTERS_AT_MOST - 1)
  if (clusterCount < FAT32_CLUSTERS_AT_LEAST)
    throw new AuthorError(
      'IMAGE_TOO_LARGE',
      `A volume of ${byteLength} bytes is too small for FAT32, which needs ${smallestVolume()} at least. Use exFAT where nothing starts from it, or a larger drive.`,
    )
  return { sectorCount, sectorsPerCluster, clusterLength, reservedSectors, fatSectors, dataSector, clusterCount }
}

interface PlacedTree {
  root: FatNode
  /** The root and everything below it. */
  nodes: FatNode[]
  /** The first cluster that is free. */
  next: number
}

/** Folders first, then files in the order in which they lie where they come from: they are read once, from front to back. */
function placeTree(root: AuthorNode, clusterLength: number): PlacedTree {
  const nodes: FatNode[] = []
  const visit = (node: AuthorNode, parent: FatNode | null): FatNode => {
    const own: FatNode = { node, parent, children: [], first: 0, clusters: 0 }
    nodes.push(own)
    const kept = node.children.filter(({ kind }) => kind === 'file' || kind === 'directory')
    // FAT 1.03, 6.5: the parent of what lies in the root is cluster 0.
    const above = node === root ? null : own
    own.children = kept.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map((child) => visit(child, above))
    return own
  }
  const placedRoot = visit(root, null)
  const files = nodes.filter(({ node }) => node.kind === 'file')
  const position = ({ node }: FatNode): number => node.content?.discPosition ?? Infinity
  const ordered = files.toSorted((a, b) => (position(a) === position(b) ? 0 : position(a) - position(b)))
  let next = ROOT_CLUSTER
  for (const own of [...nodes.filter(({ node }) => node.kind === 'directory'), ...ordered]) {
    const { node } = own
    const byteLength = node.kind === 'directory' ? directoryLength(node) : (node.content?.byteLength ?? 0)
    own.clusters = Math.ceil(byteLength / clusterLength)
    own.first = own.clusters === 0 ? 0 : next
    next += own.clusters
  }
  return { root: placedRoot, nodes, next }
}

/** Room for the longest that its entries can be. */
function directoryLength({ children }: AuthorNode): number {
  return children.reduce((sum, { name }) => sum + (1 + Math.ceil(name.length / 13)) * ENTRY_LENGTH, 2 * ENTRY_LENGTH)
}

/** FAT 1.03, 3.1, 3.3 and 5: the boot sector, FSInfo, and a third one that some systems look for. */
function bootSectors(geometry: Geometry, options: VolumeOptions, freeClusters: number, nextFree: number): Uint8Array {
  const { sectorCount, sectorsPerCluster, reservedSectors, fatSectors } = geometry
  return new ByteWriter(3 * SECTOR)
    .set(0, [0xeb, 0x58, 0x90])
    .text(3, 'ISOLDE', 8)
    .u16Le(11, SECTOR)
    .u8(13, sectorsPerCluster)
    .u16Le(14, reservedSectors)
    .u8(16, FAT_COUNT)
    .u8(21, MEDIA)
    .u16Le(24, 63)
    .u16Le(26, 255)
    .u32Le(28, options.byteOffset / SECTOR)
    .u32Le(32, sectorCount)
    .u32Le(36, fatSectors)
    .u32Le(44, ROOT_CLUSTER)
    .u16Le(48, 1)
    .u16Le(50, BACKUP_SECTOR)
    .u8(64, 0x80)
    .u8(66, 0x29)
    .u32Le(67, options.serial)
    .text(71, recordedLabel(options.label), 11)
    .text(82, 'FAT32', 8)
    .set(510, [0x55, 0xaa])
    .text(SECTOR, 'RRaA', 4)
    .text(SECTOR + 484, 'rrAa', 4)
    .u32Le(SECTOR + 488, freeClusters)
    .u32Le(SECTOR + 492, nextFree)
    .set(SECTOR + 510, [0x55, 0xaa])
    .set(2 * SECTOR + 510, [0x55, 0xaa]).bytes
}

function volumeLabel(label: string): Uint8Array {
  return new ByteWriter(ENTRY_LENGTH).text(0, recordedLabel(label), 11).u8(11, 0x08).bytes
}

/**
 * What may stand in a label: others are written in a code page that nobody records, and read in another one.
 * FAT 1.03, 7.2.
 */
const NO_LABEL = /[^A-Z0-9 _\-~!#$%&'()@^`{}]/g

/** A label as the volume has it, eleven capitals; empty where there is none. */
export function fatLabel(label: string): string {
  return label.toUpperCase().replace(NO_LABEL, '_').trim().slice(0, 11)
}

/** The characters that {@link fatLabel} does not keep. */
export function notInFatLabel(label: string): string[] {
  return [...new Set(label.toUpperCase().match(NO_LABEL) ?? [])]
}

/** FAT 1.03, 7.1: what stands there without one. */
function recordedLabel(label: string): string {
  return fatLabel(label) || 'NO NAME'
}

/** FAT 1.03, 4: what it covers up to the last cluster in use; all behind it is zeros. */
function allocationTable(nodes: readonly FatNode[]): Uint8Array {
  const last = nodes.reduce((most, { first, clusters }) => Math.max(most, first + clusters), ROOT_CLUSTER)
  const bytes = new Uint8Array(Math.ceil((last * 4) / SECTOR) * SECTOR)
  const fat = new DataView(bytes.buffer)
  fat.setUint32(0, 0x0fffff00 | MEDIA, true)
  fat.setUint32(4, END_OF_CHAIN, true)
  for (const { first, clusters } of nodes)
    for (let i = 0; i < clusters; i++)
      fat.setUint32((first + i) * 4, i + 1 < clusters ? first + i + 1 : END_OF_CHAIN, true)
  return bytes
}
