import { crc32 } from 'node:zlib'
import { ByteReader } from './byte-reader'
import type { ByteSource } from './byte-source'

/** UEFI 5.3: the header is in sector 1, of 512 bytes or of what the medium has. */
export const GPT_SECTOR_SIZES = [512, 2048, 4096]
export const HEADER_MARK = 'EFI PART'
/** What a header measures at least, and an entry. */
const HEADER_LENGTH = 92
const ENTRY_LENGTH = 128
const ENTRY_LIMIT = 1024
const ENTRY_LENGTH_LIMIT = 4096

/** A header and the array of entries that it names (UEFI 5.3.2, table 5-5). */
export interface GuidTable {
  sectorSize: number
  /** Where the header lies, in bytes. */
  byteOffset: number
  /** Where it says that the other one lies, in sectors. */
  alternate: number
  diskId: string
  entries: ByteReader
  entryCount: number
  entryLength: number
  /** The header gives its sum, and says that it lies where it does. */
  isHeaderSound: boolean
  /** The entries give the sum that the header has of them. */
  areEntriesSound: boolean
}

/** Null where no header stands. */
export async function readGuidTable(
  source: ByteSource,
  byteOffset: number,
  sectorSize: number,
): Promise<GuidTable | null> {
  if (byteOffset < sectorSize || byteOffset + HEADER_LENGTH > source.byteLength) return null
  const header = new ByteReader(await source.read(byteOffset, sectorSize))
  if (!header.matches(0, HEADER_MARK)) return null
  const entryCount = header.u32Le(80)
  const entryLength = header.u32Le(84)
  const canBe = entryLength >= ENTRY_LENGTH && entryLength <= ENTRY_LENGTH_LIMIT && entryCount <= ENTRY_LIMIT
  const length = canBe ? entryCount * entryLength : 0
  const place = header.u64Le(72) * sectorSize
  const entries = place < source.byteLength ? await source.read(place, length) : new Uint8Array(0)
  return {
    sectorSize,
    byteOffset,
    alternate: header.u64Le(32),
    diskId: header.latin1(56, 16),
    entries: new ByteReader(entries),
    entryCount: canBe ? entryCount : 0,
    entryLength,
    isHeaderSound: isSummed(header, sectorSize) && header.u64Le(24) * sectorSize === byteOffset,
    areEntriesSound: length > 0 && entries.byteLength === length && crc32(entries) === header.u32Le(88),
  }
}

/** Whether nothing is wrong with a table. */
export function isSound({ isHeaderSound, areEntriesSound }: GuidTable): boolean {
  return isHeaderSound && areEntriesSound
}

/** UEFI 5.3.2: the sum is made with zeros in its own place. */
function isSummed(header: ByteReader, sectorSize: number): boolean {
  const length = header.u32Le(12)
  if (length < HEADER_LENGTH || length > sectorSize || !header.has(0, length)) return false
  const bytes = new Uint8Array(header.slice(0, length))
  bytes.fill(0, 16, 20)
  return crc32(bytes) === header.u32Le(16)
}
