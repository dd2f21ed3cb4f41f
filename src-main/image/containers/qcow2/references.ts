import type { ByteSource } from '../../core/byte-source'
import { readOrNull } from '../disk/read-table'
import { offsetAt } from './reference-counts'
import type { FirstTable } from './snapshots'

const SECTOR = 512
/** First tables are as long as the disk asks for, with 8 bytes for a second one each. */
const FIRST_TABLE_LIMIT = 32 << 20

/** What a walk through the tables comes by; clusters are numbered, those of the file and those of the disk. */
export interface Visitor {
  /** A second table. @returns false: it is not gone through */
  table(place: number, first: number, count: number): boolean
  /** It cannot be read: it lies behind the end, or between clusters. */
  brokenTable(first: number, count: number, entryOffset: number): void
  /** The clusters of the file that a cluster of the disk leads to, `to` exclusive. */
  cluster(cluster: number, from: number, to: number, kind: 'stored' | 'packed' | 'odd', entryOffset: number): void
  /** Of a disk whose clusters lie in another file: the one of that file. */
  outside(cluster: number, place: number, entryOffset: number): void
  /** A cluster of the disk that is said to be zeros, and has none. */
  blank(cluster: number): void
}

export interface WalkedFile {
  file: ByteSource
  clusterBits: number
  isExtended: boolean
  /** Clusters that are not packed lie in another file. */
  hasDataFile: boolean
}

/** Goes through two levels of tables (qcow2.txt, “Cluster mapping”) by address. False where the first cannot be read. */
export async function walkTables(
  { file, clusterBits, isExtended, hasDataFile }: WalkedFile,
  { tableOffset, tableCount }: FirstTable,
  visitor: Visitor,
): Promise<boolean> {
  const clusterLength = 2 ** clusterBits
  const entryLength = isExtended ? 16 : 8
  const perTable = clusterLength / entryLength
  if (tableCount * 8 > FIRST_TABLE_LIMIT) return false
  const table = await readOrNull(file, tableOffset, tableCount * 8)
  if (table === null) return false
  for (let index = 0; index < tableCount; index++) {
    const offset = offsetAt(table, index * 8)
    if (offset === 0) continue
    const first = index * perTable
    const isAligned = offset % clusterLength === 0
    if (isAligned && !visitor.table(offset / clusterLength, first, perTable)) continue
    const entries = isAligned ? await readOrNull(file, offset, clusterLength) : null
    if (entries === null) {
      visitor.brokenTable(first, perTable, tableOffset + index * 8)
      continue
    }
    for (let entry = 0; entry < perTable; entry++) {
      const at = entry * entryLength
      const high = entries.readUInt32BE(at)
      const low = entries.readUInt32BE(at + 4)
      if (high === 0 && low === 0) continue
      if ((high & 0x40000000) !== 0) {
        const { from, to } = packedRange(high & 0x3fffffff, low, clusterBits)
        visitor.cluster(first + entry, from, to, 'packed', offset + at)
        continue
      }
      const place = offsetAt(entries, at)
      // The first cluster of the other file lies at 0: there the flag “copied” tells that there is one.
      if (hasDataFile && (place > 0 || (high & 0x80000000) !== 0))
        visitor.outside(first + entry, Math.floor(place / clusterLength), offset + at)
      else if (place === 0) visitor.blank(first + entry)
      else {
        const from = Math.floor(place / clusterLength)
        const isOdd = place % clusterLength !== 0
        visitor.cluster(first + entry, from, from + (isOdd ? 2 : 1), isOdd ? 'odd' : 'stored', offset + at)
      }
    }
  }
  return true
}

/** “Compressed Clusters Descriptor”: the offset in the lower bits, sectors behind the first one above them. */
function packedRange(high: number, low: number, clusterBits: number): { from: number; to: number } {
  const highBits = 62 - (clusterBits - 8) - 32
  const offset = (high % 2 ** highBits) * 2 ** 32 + low
  const length = (Math.floor(high / 2 ** highBits) + 1) * SECTOR - (offset % SECTOR)
  const clusterLength = 2 ** clusterBits
  return { from: Math.floor(offset / clusterLength), to: Math.floor((offset + length - 1) / clusterLength) + 1 }
}
