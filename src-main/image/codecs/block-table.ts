import { ByteReader } from '../core/byte-reader'
import { damagedContent } from './damaged-content'
import type { Packing } from './packing'
import { codecOf } from './registry'

/** How many blocks the unpacked file has; there is one pointer more. */
export function blockCountOf({ byteLength, blockLength }: Packing): number {
  return Math.ceil(byteLength / blockLength)
}

/** How many stored bytes from the first hold all pointers. */
export function tableEndOf(packing: Packing): number {
  const { byteOffset, pointerLength } = codecOf(packing).table(packing)
  return byteOffset + (blockCountOf(packing) + 1) * pointerLength
}

/**
 * All block pointers: block n lies between pointer n and n + 1, in bytes from the first stored one.
 * @param start the stored bytes from their first, with at least the table
 * @throws {SourceError} `CONTENT_DAMAGED` where they are not all there or run backwards
 */
export function readBlockPointers(start: Uint8Array, packing: Packing): Float64Array {
  const codec = codecOf(packing)
  codec.checkStart(start, packing)
  const reader = new ByteReader(start)
  const { byteOffset, pointerLength } = codec.table(packing)
  const pointers = new Float64Array(blockCountOf(packing) + 1)
  if (!reader.has(byteOffset, pointers.length * pointerLength)) throw damagedContent('ends within its block pointers')
  let before = 0
  for (let i = 0; i < pointers.length; i++) {
    const pointer = readPointer(reader, byteOffset + i * pointerLength, pointerLength)
    if (i > 0) checkBlock(before, pointer, packing)
    pointers[i] = pointer
    before = pointer
  }
  return pointers
}

export function readPointer(reader: ByteReader, at: number, pointerLength: 4 | 8): number {
  return pointerLength === 4 ? reader.u32Le(at) : reader.u64Le(at)
}

/** @throws {SourceError} `CONTENT_DAMAGED` where no block can lie between these pointers */
export function checkBlock(start: number, end: number, packing: Packing): void {
  if (end < start || end - start > codecOf(packing).packedBlockLimit(packing))
    throw damagedContent('has block pointers out of order')
}
