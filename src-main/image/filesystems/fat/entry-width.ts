import { readU16Le, type ByteReader } from '../../core/byte-reader'

export type EntryBits = 12 | 16 | 32

/** What a volume says of its table, in bytes from its start. */
export interface TablePlace {
  fatOffset: number
  fatLength: number
  clusterCount: number
  /** The length of the table stands where FAT32 alone has one. */
  isFat32: boolean
  /** Something else than the count of clusters says that its entries are of 16 bits. */
  saysSixteen: boolean
}

/** FAT specification 3.5: from so many clusters on, entries have 16 and 32 bits. */
export const FAT16_CLUSTERS = 4085
const FAT32_CLUSTERS = 65_525

/**
 * How many bits an entry of the table has. By the specification the count of clusters decides; but systems tell FAT32 by
 * where the length of its table stands, and some programs that make volumes count a little differently.
 * @param head of the volume; a table that is not in it is not looked at
 */
export function entryBits(head: ByteReader, place: TablePlace): EntryBits {
  const { clusterCount, fatLength } = place
  if (place.isFat32) return 32
  const hasRoom = (bits: EntryBits): boolean => ((clusterCount + 2) * bits) / 8 <= fatLength
  // The last cluster that a narrow entry can name is the one in front of the mark for bad ones.
  if (clusterCount >= FAT32_CLUSTERS) return hasRoom(32) || clusterCount + 1 > 0xfff6 ? 32 : 16
  if (clusterCount >= FAT16_CLUSTERS) return hasRoom(16) || clusterCount + 1 > 0xff6 ? 16 : 12
  if (!place.saysSixteen || !hasRoom(16) || !head.has(place.fatOffset, fatLength)) return 12
  const table = head.slice(place.fatOffset, fatLength)
  const isSixteen = !isTable(table, 12, clusterCount) && isTable(table, 16, clusterCount)
  return isSixteen ? 16 : 12
}

/** Whether every entry that is not free ends a chain, is bad, or links to a cluster that is in use and to which no other does. */
function isTable(table: Uint8Array, bits: 12 | 16, clusterCount: number): boolean {
  const bad = bits === 12 ? 0xff7 : 0xfff7
  const linked = new Uint8Array(clusterCount + 2)
  // The two upper bits of entry 1 of FAT16 say how the volume was left.
  if ((entryAt(table, bits, 1) | (bits === 16 ? 0xc000 : 0)) < bad) return false
  for (let cluster = 2; cluster < clusterCount + 2; cluster++) {
    const link = entryAt(table, bits, cluster)
    if (link === 0 || link >= bad) continue
    if (link < 2 || link >= clusterCount + 2 || linked[link] === 1 || entryAt(table, bits, link) === 0) return false
    linked[link] = 1
  }
  return true
}

/** The entry of a cluster in a table of 12 or 16 bits. */
export function entryAt(table: Uint8Array, bits: 12 | 16, cluster: number): number {
  if (bits === 16) return readU16Le(table, cluster * 2)
  const pair = readU16Le(table, cluster + (cluster >> 1))
  return (cluster & 1) !== 0 ? pair >> 4 : pair & 0xfff
}
