import { ByteReader, readU32Le } from '../../core/byte-reader'
import { SourceError, type ByteSource } from '../../core/byte-source'
import { Layout, type ErofsInode } from './inode'
import { Feature, type ErofsSuperblock } from './superblock'

/** `h_advise` of the map's header. */
const Advice = { twoBytes: 1, big1: 2, inlineEnd: 8, interlaced: 16, fragment: 32 } as const
/** Kinds of logical clusters. */
const Cluster = { plain: 0, head1: 1, inside: 2, head2: 3 } as const
/** Of a cluster behind a head: how many blocks the packed bytes take. */
const BLOCK_COUNT_BIT = 1 << 11
const HEADER_LENGTH = 8
const FULL_ENTRY = 8
/** Indexes are read so many bytes at once: a multiple of what they are packed in. */
const PIECE_LENGTH = 1 << 16

/** Extents of a file's content, each packed by itself. */
export interface PackedExtents {
  /** Where each begins in the content, in bytes; one more for the end. */
  starts: Float64Array
  /** Of its packed bytes, in bytes of the volume. */
  places: Float64Array
  packedLengths: Float64Array
  /** `STORED`, or the number of an algorithm. */
  algorithms: Uint8Array
  count: number
  /** Stored ones begin in the middle of their blocks and go on at their start. */
  isInterlaced: boolean
  /** The end lies in the inode that has the ends of others: where, in bytes; −1 where it does not. */
  fragmentAt: number
}

export const STORED = 255

/**
 * Reads the index of a packed file.
 * @param take told how many bytes are going to be read
 * @throws {SourceError} `CONTENT_DAMAGED`
 */
export async function readExtents(
  volume: ByteSource,
  superblock: ErofsSuperblock,
  inode: ErofsInode,
  take: (byteLength: number) => void,
): Promise<PackedExtents> {
  const headerAt = Math.ceil(inode.end / 8) * 8
  const header = new ByteReader(await volume.read(headerAt, HEADER_LENGTH))
  if (header.byteLength < HEADER_LENGTH) throw damaged('has no index')
  const clusterBits = header.u8(7)
  if ((clusterBits & 0x80) !== 0) return wholeFragment(header, inode)
  const isOld =
    inode.layout === Layout.packedFull &&
    (superblock.features & (Feature.bigClusters | Feature.tailPacking | Feature.fragments)) === 0
  const advice = isOld ? 0 : header.u16Le(4)
  const algorithms = isOld ? 0 : header.u8(6)
  const clusterLog = superblock.blockLog + (isOld ? 0 : clusterBits & 7)
  const map: ClusterMap = {
    volume,
    inode,
    isBig: (advice & Advice.big1) !== 0,
    hasTwoBytes: (advice & Advice.twoBytes) !== 0,
    clusterLog,
    indexAt: headerAt + HEADER_LENGTH + (inode.layout === Layout.packedFull ? 8 : 0),
    count: Math.ceil(inode.byteLength / 2 ** clusterLog),
    blockCount: Math.ceil(inode.byteLength / superblock.blockLength),
  }
  take(map.count * (inode.layout === Layout.packedFull ? 8 : 2))
  const room = (volume.byteLength - map.indexAt) / (inode.layout === Layout.packedFull ? 8 : 2)
  if (map.count > room) throw damaged('has an index that is longer than the volume')
  const extents = await collect(map, superblock, algorithms)
  extents.isInterlaced = (advice & Advice.interlaced) !== 0
  const last = extents.count - 1
  if ((advice & Advice.inlineEnd) !== 0) {
    const length = header.u16Le(2)
    if (length === 0) throw damaged('has an end without bytes')
    extents.places[last] = await indexEnd(map)
    extents.packedLengths[last] = length
  }
  if ((advice & Advice.fragment) !== 0) {
    const high = inode.layout === Layout.packedFull ? (extents.places[last] ?? 0) / superblock.blockLength : 0
    extents.fragmentAt = header.u32Le(0) + high * 2 ** 32
    extents.packedLengths[last] = 0
  }
  return extents
}

/** The whole content lies among the ends of others. */
function wholeFragment(header: ByteReader, { byteLength }: ErofsInode): PackedExtents {
  return {
    starts: Float64Array.of(0, byteLength),
    places: Float64Array.of(0),
    packedLengths: Float64Array.of(0),
    algorithms: Uint8Array.of(STORED),
    count: 1,
    isInterlaced: false,
    fragmentAt: header.u32Le(0) + (header.u32Le(4) & 0x7fffffff) * 2 ** 32,
  }
}

interface ClusterMap {
  volume: ByteSource
  inode: ErofsInode
  isBig: boolean
  hasTwoBytes: boolean
  clusterLog: number
  indexAt: number
  count: number
  blockCount: number
}

/** A logical cluster, as its entry has it. */
interface Entry {
  kind: number
  /** Where in the cluster its extent begins. */
  offset: number
  block: number
  /** Of packed bytes, of one behind a head; 0 where it does not say. */
  blocks: number
}

async function collect(map: ClusterMap, { blockLength }: ErofsSuperblock, algorithms: number): Promise<PackedExtents> {
  const starts: number[] = []
  const places: number[] = []
  const packedLengths: number[] = []
  const kinds: number[] = []
  let cluster = 0
  const entries = map.inode.layout === Layout.packedFull ? fullEntries(map) : compactEntries(map)
  for await (const { kind, offset, block, blocks } of entries) {
    if (kind === Cluster.inside) {
      const last = packedLengths.length - 1
      if (last < 0) throw damaged('begins in the midst of an extent')
      if (blocks > 0) packedLengths[last] = blocks * blockLength
    } else {
      const start = cluster * 2 ** map.clusterLog + offset
      // In the last cluster a head at the end of the content only tells where the extent in front ends.
      if (start === map.inode.byteLength && starts.length > 0) break
      if (start < (starts.at(-1) ?? 0) || start > map.inode.byteLength) throw damaged('has extents out of order')
      starts.push(start)
      places.push(block * blockLength)
      packedLengths.push(blockLength)
      kinds.push(kind === Cluster.plain ? STORED : kind === Cluster.head1 ? algorithms & 15 : algorithms >> 4)
    }
    cluster++
  }
  if (starts[0] !== 0) throw damaged('has no beginning')
  const count = starts.length
  starts.push(map.inode.byteLength)
  return {
    starts: Float64Array.from(starts),
    places: Float64Array.from(places),
    packedLengths: Float64Array.from(packedLengths),
    algorithms: Uint8Array.from(kinds),
    count,
    isInterlaced: false,
    fragmentAt: -1,
  }
}

/** Entries of eight bytes (`z_erofs_lcluster_index`). */
async function* fullEntries({ volume, indexAt, count }: ClusterMap): AsyncGenerator<Entry> {
  for (let first = 0; first < count; first += PIECE_LENGTH / FULL_ENTRY) {
    const wanted = Math.min(count - first, PIECE_LENGTH / FULL_ENTRY) * FULL_ENTRY
    const bytes = new ByteReader(await volume.read(indexAt + first * FULL_ENTRY, wanted))
    if (bytes.byteLength < wanted) throw damaged('has an index that is cut short')
    for (let at = 0; at < wanted; at += FULL_ENTRY) {
      const kind = bytes.u16Le(at) & 3
      const delta = bytes.u16Le(at + 4)
      const blocks = kind === Cluster.inside && (delta & BLOCK_COUNT_BIT) !== 0 ? delta & ~BLOCK_COUNT_BIT : 0
      yield { kind, offset: bytes.u16Le(at + 2), block: bytes.u32Le(at + 4), blocks }
    }
  }
}

/** How many entries of four bytes, of two and of four again an index has, one behind the other. */
function compactShape({ indexAt, blockCount, hasTwoBytes }: ClusterMap): { fours: number; twos: number } {
  const fours = ((32 - (indexAt % 32)) / 4) & 7
  const twos = hasTwoBytes && fours < blockCount ? Math.floor((blockCount - fours) / 16) * 16 : 0
  return { fours, twos }
}

/** Entries in packs: of two in 8 bytes, of sixteen in 32, each with the block that the pack counts from at its end. */
async function* compactEntries(map: ClusterMap): AsyncGenerator<Entry> {
  const { volume, indexAt, count, clusterLog, isBig } = map
  const { fours, twos } = compactShape(map)
  if (clusterLog > 14 || (twos > 0 && clusterLog > 12)) throw damaged('has clusters of a length that cannot be')
  let bytes = new ByteReader(new Uint8Array(0))
  let from = 0
  let at = indexAt
  for (let cluster = 0; cluster < count;) {
    const isSmall = cluster >= fours && cluster < fours + twos
    const perPack = isSmall ? 16 : 2
    const packLength = isSmall ? 32 : 8
    if (!bytes.has(at - from, packLength)) {
      bytes = new ByteReader(await volume.read(at, PIECE_LENGTH))
      from = at
      if (!bytes.has(0, packLength)) throw damaged('has an index that is cut short')
    }
    const pack = readPack(bytes, at - from, perPack, packLength, clusterLog, isBig)
    for (let index = 0; index < perPack && cluster < count; index++, cluster++) {
      const entry = pack[index]
      if (entry !== undefined) yield entry
    }
    at += packLength
  }
}

function readPack(
  bytes: ByteReader,
  at: number,
  perPack: number,
  packLength: number,
  clusterLog: number,
  isBig: boolean,
): Entry[] {
  const lowBits = Math.max(clusterLog, 12)
  const entryBits = ((packLength - 4) * 8) / perPack
  const base = bytes.u32Le(at + packLength - 4)
  const entries: Entry[] = []
  /** Blocks that the heads in front take. */
  let blocksBefore = 0
  for (let index = 0; index < perPack; index++) {
    const bit = index * entryBits
    const value = readU32Le(bytes.bytes, at + (bit >> 3)) >>> (bit & 7)
    const low = value & ((1 << lowBits) - 1)
    const kind = (value >>> lowBits) & 3
    if (kind === Cluster.inside) {
      const blocks = isBig && (low & BLOCK_COUNT_BIT) !== 0 ? low & ~BLOCK_COUNT_BIT : 0
      if (blocks > 0)
        blocksBefore += entries.length > 0 && entries[index - 1]?.kind !== Cluster.inside ? blocks - 1 : blocks
      entries.push({ kind, offset: 0, block: 0, blocks })
      continue
    }
    // What is not big counts the heads in front with its own; what is big, the blocks in front alone.
    entries.push({ kind, offset: low, block: base + blocksBefore + (isBig ? 0 : 1), blocks: 0 })
    blocksBefore++
  }
  return entries
}

/** Where an index ends, in bytes of the volume: behind the pack of its last entry. */
function indexEnd(map: ClusterMap): Promise<number> {
  const { indexAt, count, inode } = map
  if (inode.layout === Layout.packedFull) return Promise.resolve(indexAt + count * FULL_ENTRY)
  const { fours, twos } = compactShape(map)
  let last = count - 1
  if (last < fours) return Promise.resolve(indexAt + (Math.floor(last / 2) + 1) * 8)
  last -= fours
  const start = indexAt + fours * 4
  if (last < twos) return Promise.resolve(start + (Math.floor(last / 16) + 1) * 32)
  return Promise.resolve(start + twos * 2 + (Math.floor((last - twos) / 2) + 1) * 8)
}

/** @param what rest of the sentence “A packed file …” */
export function damaged(what: string): SourceError {
  return new SourceError('CONTENT_DAMAGED', `A packed file ${what}.`)
}
