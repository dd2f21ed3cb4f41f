import { Reader, ZipReader } from '@zip.js/zip.js/lib/zip-core-custom.js'
import type { ArchiveListing, ReadBytes } from './archive-types'

class RangeReader extends Reader<ReadBytes> {
  constructor(
    private readonly read: ReadBytes,
    byteLength: number,
  ) {
    super(read)
    this.size = byteLength
  }

  override readUint8Array(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    return this.read(byteOffset, byteLength)
  }
}

/** The names in a ZIP, from the directory at its end. */
export async function listZip(byteLength: number, read: ReadBytes, limit: number): Promise<ArchiveListing> {
  const reader = new ZipReader(new RangeReader(read, byteLength))
  const listing: ArchiveListing = { entries: [], hasMore: false }
  for await (const {
    filename,
    directory,
    uncompressedSize,
    compressedSize,
    lastModDate,
  } of reader.getEntriesGenerator()) {
    if (listing.entries.length >= limit) {
      listing.hasMore = true
      break
    }
    const modified = lastModDate instanceof Date ? lastModDate.getTime() : NaN
    listing.entries.push({
      name: filename,
      isDirectory: directory,
      byteLength: uncompressedSize,
      packedLength: compressedSize,
      modified: Number.isNaN(modified) ? null : modified,
    })
  }
  return listing
}
