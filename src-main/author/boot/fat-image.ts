import { AuthorError } from '../author-error'
import type { AuthorContent, AuthorNode } from '../author-tree'
import { concatenated } from '../../image'
import { ByteWriter } from '../byte-writer'
import { Layout, type Segment } from '../layout'
import { directoryEntries, type FatNode } from './fat-directory'

const SECTOR = 512
const ROOT_ENTRIES = 512
const ENTRY_LENGTH = 32
/** FAT 1.03, 3.5: with fewer clusters a volume is of FAT12, with as many or more of FAT32. */
const FAT12_LIMIT = 4085
const FAT16_LIMIT = 65_525
const RESERVED_SECTORS = 1
const FAT_COUNT = 2
const MEDIA = 0xf8

/**
 * A disk image with a FAT file system (12 or 16 bits) of some folders, as UEFI firmware reads it. Files are not copied:
 * it is a layout of their contents.
 * @throws {AuthorError} `BOOT_FILE` where they are too large for one
 */
export function fatImage(folders: readonly AuthorNode[], label: string): AuthorContent {
  for (let sectorsPerCluster = 1; sectorsPerCluster <= 64; sectorsPerCluster *= 2) {
    const planned = planVolume(folders, sectorsPerCluster)
    if (planned.clusterCount >= FAT16_LIMIT) continue
    const { segments, byteLength } = writeVolume(planned, sectorsPerCluster, label)
    return { byteLength, origin: 'the boot image made from EFI', open: () => new Layout(segments, byteLength) }
  }
  throw new AuthorError('BOOT_FILE', 'The folder EFI is too large for a boot image (2 GB).')
}

interface PlannedVolume {
  root: FatNode[]
  /** In the order of their clusters. */
  nodes: FatNode[]
  clusterCount: number
}

/** Gives every file and folder its clusters, one behind the other, from cluster 2 on. */
function planVolume(folders: readonly AuthorNode[], sectorsPerCluster: number): PlannedVolume {
  const clusterLength = sectorsPerCluster * SECTOR
  const nodes: FatNode[] = []
  let next = 2
  const place = (node: AuthorNode, parent: FatNode | null): FatNode => {
    const own: FatNode = { node, parent, children: [], first: 0, clusters: 0 }
    nodes.push(own)
    const kept = node.children.filter(({ kind }) => kind === 'file' || kind === 'directory')
    const ordered = kept.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    const byteLength = node.kind === 'directory' ? directoryLength(ordered) : (node.content?.byteLength ?? 0)
    own.clusters = Math.ceil(byteLength / clusterLength)
    own.first = own.clusters === 0 ? 0 : next
    next += own.clusters
    own.children = ordered.map((child) => place(child, own))
    return own
  }
  const root = folders.map((folder) => place(folder, null))
  return { root, nodes, clusterCount: Math.max(next - 2, 1) }
}

/** Room for the longest that its entries can be. */
function directoryLength(children: readonly AuthorNode[]): number {
  return children.reduce((sum, { name }) => sum + (1 + Math.ceil(name.length / 13)) * ENTRY_LENGTH, 2 * ENTRY_LENGTH)
}

function writeVolume(
  { root, nodes, clusterCount }: PlannedVolume,
  sectorsPerCluster: number,
  label: string,
): { segments: Segment[]; byteLength: number } {
  const is16 = clusterCount >= FAT12_LIMIT
  const fatSectors = Math.ceil(((clusterCount + 2) * (is16 ? 2 : 1.5)) / SECTOR)
  const rootSectors = (ROOT_ENTRIES * ENTRY_LENGTH) / SECTOR
  const dataSector = RESERVED_SECTORS + FAT_COUNT * fatSectors + rootSectors
  // Whole blocks of a disc.
  const sectorCount = Math.ceil((dataSector + clusterCount * sectorsPerCluster) / 4) * 4
  const segments: Segment[] = []
  const put = (sector: number, bytes: Uint8Array): void => {
    segments.push({ kind: 'bytes', bytes, byteOffset: sector * SECTOR, byteLength: bytes.byteLength })
  }
  put(0, bootSector({ sectorsPerCluster, fatSectors, sectorCount, is16, label }))
  const fat = allocationTable(nodes, fatSectors, is16)
  for (let copy = 0; copy < FAT_COUNT; copy++) put(RESERVED_SECTORS + copy * fatSectors, fat)
  put(dataSector - rootSectors, concatenated([volumeLabel(label), directoryEntries(root)]))
  for (const node of nodes) {
    if (node.first === 0) continue
    const sector = dataSector + (node.first - 2) * sectorsPerCluster
    const { content } = node.node
    if (content !== null)
      segments.push({ kind: 'content', content, byteOffset: sector * SECTOR, byteLength: content.byteLength })
    else put(sector, directoryEntries(node.children, node))
  }
  return { segments, byteLength: sectorCount * SECTOR }
}

interface BootSectorFacts {
  sectorsPerCluster: number
  fatSectors: number
  sectorCount: number
  is16: boolean
  label: string
}

/** FAT 1.03, 3.1 to 3.3. */
function bootSector({ sectorsPerCluster, fatSectors, sectorCount, is16, label }: BootSectorFacts): Uint8Array {
  return new ByteWriter(SECTOR)
    .set(0, [0xeb, 0x3c, 0x90])
    .text(3, 'ISOLDE', 8)
    .u16Le(11, SECTOR)
    .u8(13, sectorsPerCluster)
    .u16Le(14, RESERVED_SECTORS)
    .u8(16, FAT_COUNT)
    .u16Le(17, ROOT_ENTRIES)
    .u16Le(19, sectorCount < 0x10000 ? sectorCount : 0)
    .u8(21, MEDIA)
    .u16Le(22, fatSectors)
    .u16Le(24, 32)
    .u16Le(26, 64)
    .u32Le(32, sectorCount < 0x10000 ? 0 : sectorCount)
    .u8(36, 0x80)
    .u8(38, 0x29)
    .u32Le(39, sectorCount)
    .text(43, label, 11)
    .text(54, is16 ? 'FAT16' : 'FAT12', 8)
    .u8(510, 0x55)
    .u8(511, 0xaa).bytes
}

function volumeLabel(label: string): Uint8Array {
  return new ByteWriter(ENTRY_LENGTH).text(0, label, 11).u8(11, 0x08).bytes
}

/** FAT 1.03, 4: each cluster says which one follows. */
function allocationTable(nodes: readonly FatNode[], fatSectors: number, is16: boolean): Uint8Array {
  const fat = new Uint8Array(fatSectors * SECTOR)
  const end = is16 ? 0xffff : 0xfff
  const set = (cluster: number, value: number): void => {
    if (is16) {
      fat[cluster * 2] = value & 0xff
      fat[cluster * 2 + 1] = value >> 8
      return
    }
    const at = Math.floor(cluster * 1.5)
    const [low = 0, high = 0] = [fat[at], fat[at + 1]]
    if (cluster % 2 === 0) {
      fat[at] = value & 0xff
      fat[at + 1] = (high & 0xf0) | (value >> 8)
    } else {
      fat[at] = (low & 0x0f) | ((value & 0xf) << 4)
      fat[at + 1] = value >> 4
    }
  }
  set(0, (end & 0xff00) | MEDIA)
  set(1, end)
  for (const { first, clusters } of nodes)
    for (let i = 0; i < clusters; i++) set(first + i, i + 1 < clusters ? first + i + 1 : end)
  return fat
}
