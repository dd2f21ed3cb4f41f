import { readU32Le } from '../byte-reader'
import { SourceError, type ByteSource } from '../byte-source'
import { createHash } from '../create-hash'
import type { PieceList } from '../piece-list'
import { HEADER_LENGTH, type WimHeader } from './header'

/** Where the fields of the table stand, in bytes; the sums follow. */
const TableAt = { byteLength: 0, count: 4, pieceLength: 8, sums: 12 } as const
const SHA1_LENGTH = 20
/** In bytes. Files of 100 GB in pieces of 10 MiB, as they are written, need a five-hundredth of it. */
const TABLE_LIMIT = 64 << 20

/**
 * The integrity table (`rhIntegrity`): the SHA-1 of each piece from the end of the header to that of the blob table. What
 * lies behind, the description and the table itself, has none.
 * @returns null where the file has no such table
 * @throws {SourceError} `CONTENT_DAMAGED` where it has one that cannot be used
 */
export async function readIntegrity(
  source: ByteSource,
  { integrity, blobTable }: WimHeader,
): Promise<PieceList | null> {
  if (integrity.packedLength === 0) return null
  const table = await source.read(integrity.byteOffset, Math.min(integrity.packedLength, TABLE_LIMIT))
  const isThere = table.byteLength === integrity.packedLength && table.byteLength >= TableAt.sums
  const byteLength = blobTable.byteOffset + blobTable.packedLength
  const pieceLength = isThere ? readU32Le(table, TableAt.pieceLength) : 0
  const count = pieceLength === 0 ? 0 : Math.ceil((byteLength - HEADER_LENGTH) / pieceLength)
  const isSound =
    count > 0 &&
    readU32Le(table, TableAt.count) === count &&
    readU32Le(table, TableAt.byteLength) === table.byteLength &&
    table.byteLength === TableAt.sums + count * SHA1_LENGTH
  if (!isSound)
    throw new SourceError(
      'CONTENT_DAMAGED',
      'Its integrity table is damaged: what it says of the file cannot be checked.',
    )
  return {
    from: null,
    byteLength,
    firstOffset: HEADER_LENGTH,
    pieceLength,
    count,
    sumLength: SHA1_LENGTH,
    sums: table.subarray(TableAt.sums),
    maker: () => createHash('sha1'),
  }
}
