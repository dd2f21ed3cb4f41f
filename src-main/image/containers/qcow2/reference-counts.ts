import type { ByteSource } from '../../core/byte-source'
import { readOrNull, readTable } from '../disk/read-table'

const OFFSET_MASK = 0x00ffffff

export interface CountTable {
  clusterLength: number
  /** Clusters of the file. */
  clusterCount: number
  /** Of a count, as a power of two. */
  countOrder: number
  tableOffset: number
  /** Of the table, in clusters. */
  tableClusters: number
}

/** How often each cluster of a file is counted, 255 for more, and what of the file the counts themselves take. */
export interface ReferenceCounts {
  counts: Uint8Array
  /** Cluster numbers. */
  own: number[]
}

/** All reference counts (qcow2.txt, “Host cluster management”). Null where they cannot be read to their end, or there are none. */
export async function readCounts(
  file: ByteSource,
  { clusterLength, clusterCount, countOrder, tableOffset, tableClusters }: CountTable,
): Promise<ReferenceCounts | null> {
  if (tableOffset === 0 || tableOffset % clusterLength !== 0 || tableClusters === 0 || countOrder > 6) return null
  const counts = new Uint8Array(clusterCount)
  const own: number[] = []
  const first = tableOffset / clusterLength
  for (let cluster = 0; cluster < tableClusters; cluster++) own.push(first + cluster)
  const perBlock = (clusterLength * 8) / 2 ** countOrder
  const blockCount = Math.ceil(clusterCount / perBlock)
  const blocks = new Float64Array(blockCount)
  const isRead = await readTable(
    file,
    tableOffset,
    Math.min(blockCount * 8, tableClusters * clusterLength),
    (bytes, done) => {
      for (let at = 0; at + 8 <= bytes.byteLength; at += 8) blocks[(done + at) / 8] = offsetAt(bytes, at)
    },
  )
  if (!isRead) return null
  for (const [block, offset] of blocks.entries()) {
    if (offset === 0) continue
    own.push(offset / clusterLength)
    const bytes = await readOrNull(file, offset, clusterLength)
    if (bytes === null) return null
    const from = block * perBlock
    const to = Math.min(from + perBlock, clusterCount)
    for (let cluster = from; cluster < to; cluster++) counts[cluster] = countAt(bytes, cluster - from, countOrder)
  }
  return { counts, own }
}

/** Bits 9 to 55 of an entry. */
export function offsetAt(bytes: Buffer, at: number): number {
  return (bytes.readUInt32BE(at) & OFFSET_MASK) * 2 ** 32 + ((bytes.readUInt32BE(at + 4) & 0xfffffe00) >>> 0)
}

/** Counts shorter than a byte begin with its lowest bits. */
function countAt(bytes: Buffer, index: number, order: number): number {
  if (order < 3) {
    const bits = 1 << order
    const bit = index * bits
    return ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & ((1 << bits) - 1)
  }
  if (order === 3) return bytes[index] ?? 0
  const length = 1 << (order - 3)
  let count = 0
  for (let at = index * length; at < (index + 1) * length; at++) count = Math.min(255, count * 256 + (bytes[at] ?? 0))
  return count
}
