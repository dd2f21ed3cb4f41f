import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { ExtentSource } from '../../core/sources/extent-source'
import { sumOfRuns } from '../../core/entry-columns'
import { FileEntry, FileType } from './file-entry'
import { readContentRuns, readIcb } from './icb'
import type { UdfVolume } from './mapped-volume'

/** The table's ICB is the last block recorded; images carry run-out blocks or padding behind it. */
const SEARCH_LENGTH = 16 * 1024 * 1024
const CHUNK_LENGTH = 1024 * 1024
const TABLE_LENGTH_LIMIT = 256 * 1024 * 1024

/** UDF 2.2.11 (revision 2.00) and the form of revision 1.50. Null where none is found. */
export async function findVirtualAllocationTable(
  source: ByteSource,
  volume: UdfVolume,
  partition: number,
): Promise<Uint32Array | null> {
  const { blockSize } = volume
  const entry = new FileEntry()
  const lastBlock = Math.floor(source.byteLength / blockSize)
  const stop = Math.max(0, lastBlock * blockSize - SEARCH_LENGTH)
  for (let end = lastBlock * blockSize; end > stop; end -= CHUNK_LENGTH) {
    const start = Math.max(stop, end - CHUNK_LENGTH)
    const bytes = await source.read(start, end - start)
    for (let at = bytes.byteLength - blockSize; at >= 0; at -= blockSize) {
      if (!entry.read(bytes, at, at + blockSize)) continue
      // Revision 1.50 leaves the file type at 0.
      if (entry.fileType !== FileType.vat && entry.fileType !== 0) continue
      const table = await readTable(source, volume, start + at, partition)
      if (table === null) continue
      if (start + at + blockSize < source.byteLength) {
        volume.log.note('UDF_VAT_NOT_LAST', 'Something follows the virtual allocation table.', start + at)
      }
      return table
    }
  }
  return null
}

async function readTable(
  source: ByteSource,
  volume: UdfVolume,
  byteOffset: number,
  partition: number,
): Promise<Uint32Array | null> {
  const found = await readIcb(source, volume, byteOffset)
  if (found === null) return null
  const runs = await readContentRuns(source, volume, found, partition)
  const byteLength = Math.min(sumOfRuns(runs), found.entry.informationLength)
  if (byteLength > TABLE_LENGTH_LIMIT) return null
  const bytes = new ByteReader(await new ExtentSource(source, runs, byteLength).read(0, byteLength))
  if (bytes.byteLength < byteLength) return null
  const isOld = found.entry.fileType === 0
  // Old form: entries, then an identifier and the previous table's place in 36 bytes. New form: a header with its length.
  if (isOld && !bytes.matches(byteLength - 35, '*UDF Virtual Alloc Tbl')) return null
  const from = isOld ? 0 : bytes.u16Le(0)
  const to = isOld ? byteLength - 36 : byteLength
  const table = new Uint32Array(Math.max(0, (to - from) >> 2))
  for (let index = 0; index < table.length; index++) table[index] = bytes.u32Le(from + index * 4)
  return table
}
