import { crc32 } from 'node:zlib'
import { deflateWhole } from './deflate'

/** Contents of small files, one behind the other: columns, since batches cross threads. */
export interface Batch {
  bytes: Uint8Array
  byteLengths: number[]
  level: number
}

/** The same, each packed where that helps. */
export interface PackedBatch {
  bytes: Uint8Array
  byteLengths: number[]
  isPacked: boolean[]
  crcs: number[]
}

/** Packs each content of a batch by itself. */
export function packBatch({ bytes, byteLengths, level }: Batch): PackedBatch {
  const parts: Uint8Array[] = []
  const packed: PackedBatch = { bytes, byteLengths: [], isPacked: [], crcs: [] }
  let at = 0
  for (const byteLength of byteLengths) {
    const content = bytes.subarray(at, at + byteLength)
    at += byteLength
    const smaller = byteLength > 0 && level > 0 ? deflateWhole(content, level) : content
    const isPacked = smaller.byteLength < byteLength
    const part = isPacked ? smaller : content
    parts.push(part)
    packed.byteLengths.push(part.byteLength)
    packed.isPacked.push(isPacked)
    packed.crcs.push(crc32(content))
  }
  packed.bytes = Buffer.concat(parts)
  return packed
}
