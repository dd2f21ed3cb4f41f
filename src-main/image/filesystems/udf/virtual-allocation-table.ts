import { ByteReader } from '../../core/byte-reader'
import { recordedIn, type ByteSource } from '../../core/byte-source'
import { ExtentSource } from '../../core/sources/extent-source'
import { FileEntry, FileType } from './file-entry'
import { areExtentsSound, readContentExtents, readIcb } from './icb'
import type { UdfVolume } from './mapped-volume'
import { RecordedBehind } from './recorded-behind'

/**
 * The table's entry is the last block recorded, but images carry run-out blocks behind it, or are padded to the length
 * of their medium: so much is a DVD of two layers.
 */
const SEARCH_LENGTH = 8 * 2 ** 30
const CHUNK_LENGTH = 4 * 1024 * 1024
const TABLE_LENGTH_LIMIT = 256 * 1024 * 1024
/** The header of revision 2.00 without its implementation use (UDF 2.2.11). */
const HEADER_LENGTH = 152
/** What follows the blocks in revision 1.50: an identifier and the place of the table before. */
const TRAILER_LENGTH = 36

/** Whether an image is longer than what is looked through for the table. */
export function isSearchedInPart({ byteLength }: ByteSource): boolean {
  return byteLength > SEARCH_LENGTH
}

/** The places of virtual blocks. */
export interface VirtualAllocationTable {
  /** Block of the partition that holds it, by virtual block. */
  blocks: Uint32Array
  /** Where its entry ends, in bytes: nothing of the volume is recorded behind it. */
  byteEnd: number
}

/**
 * UDF 2.2.11 (revision 2.00) and the form of revision 1.50. Null where none is found. Where it cannot be the newest, which
 * leaves out what was written after it, that is told.
 * @param partition the index of the map that the table's own blocks are counted in
 */
export async function findVirtualAllocationTable(
  source: ByteSource,
  volume: UdfVolume,
  partition: number,
): Promise<VirtualAllocationTable | null> {
  const { blockSize } = volume
  const entry = new FileEntry()
  const behind = new RecordedBehind(blockSize, volume.sequence.sectorSize)
  const lastBlock = Math.floor(source.byteLength / blockSize)
  const stop = Math.max(0, lastBlock * blockSize - SEARCH_LENGTH)
  let stray: { byteOffset: number; blocks: Uint32Array; behind: RecordedBehind } | null = null
  for (let end = lastBlock * blockSize; end > stop; end -= CHUNK_LENGTH) {
    const start = Math.max(stop, end - CHUNK_LENGTH)
    // Of a session that was kept alone, what lies before it on the disc is in no file.
    if (recordedIn(source, start, end - start) === 0) break
    const bytes = await source.read(start, end - start)
    // Gigabytes of padding are compared as a whole: block by block they would take minutes.
    if (isUniform(bytes)) continue
    for (let at = bytes.byteLength - blockSize; at >= 0; at -= blockSize) {
      const byteOffset = start + at
      // Revision 1.50 leaves the file type at 0.
      if (entry.read(bytes, at, at + blockSize) && (entry.fileType === FileType.vat || entry.fileType === 0)) {
        const { tagLocation } = entry
        const found = await readTable(source, volume, byteOffset, partition)
        const isSound = found?.isSound === true
        const blocks = found?.blocks ?? null
        if (blocks !== null && volume.partitions[partition]?.placeOf?.(tagLocation) === byteOffset)
          return settle(source, volume, { blocks, byteOffset, isSound, behind })
        // It may be that of an image in a file; but writers are known that leave out the place.
        if (blocks !== null) stray ??= { byteOffset, blocks, behind: behind.copy() }
      }
      behind.look(bytes, at, byteOffset)
    }
  }
  return stray === null ? null : settle(source, volume, { ...stray, isSound: true })
}

/** All bytes are one and the same. */
function isUniform(bytes: Uint8Array): boolean {
  return Buffer.compare(bytes.subarray(1), bytes.subarray(0, -1)) === 0
}

function settle(
  source: ByteSource,
  { blockSize, log }: UdfVolume,
  found: { blocks: Uint32Array; byteOffset: number; isSound: boolean; behind: RecordedBehind },
): VirtualAllocationTable {
  const byteEnd = found.byteOffset + blockSize
  const newer = found.behind.firstAfter(byteEnd)
  if (newer !== null) {
    const message =
      'The newest virtual allocation table is missing or damaged and an older one is used: what was written after it is left out.'
    log.damage('UDF_VAT_OLDER', message, newer)
  } else if (byteEnd < source.byteLength) {
    log.note('UDF_VAT_NOT_LAST', 'Something follows the virtual allocation table.', found.byteOffset)
  }
  if (!found.isSound) {
    const message = 'The virtual allocation table is damaged; it is used all the same.'
    log.damage('UDF_VAT_DAMAGED', message, found.byteOffset)
  }
  return { blocks: found.blocks, byteEnd }
}

async function readTable(
  source: ByteSource,
  volume: UdfVolume,
  byteOffset: number,
  partition: number,
): Promise<{ blocks: Uint32Array; isSound: boolean } | null> {
  const found = await readIcb(source, volume, byteOffset)
  if (found === null) return null
  const extents = await readContentExtents(source, volume, found, partition)
  const { runs, byteLength } = extents
  if (byteLength > TABLE_LENGTH_LIMIT) return null
  const bytes = new ByteReader(await new ExtentSource(source, runs, byteLength).read(0, byteLength))
  if (bytes.byteLength < byteLength) return null
  const isOld = bytes.matches(byteLength - TRAILER_LENGTH + 1, '*UDF Virtual Alloc Tbl')
  if (!isOld && found.entry.fileType !== FileType.vat) return null
  const from = isOld ? 0 : bytes.u16Le(0)
  const to = isOld ? byteLength - TRAILER_LENGTH : byteLength
  if (from > to || (!isOld && from < HEADER_LENGTH)) return null
  const blocks = new Uint32Array((to - from) >> 2)
  for (let index = 0; index < blocks.length; index++) blocks[index] = bytes.u32Le(from + index * 4)
  return { blocks, isSound: found.entry.isSound && areExtentsSound(found.entry, extents) }
}
