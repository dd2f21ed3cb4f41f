import type { Unpacker } from '../codecs/unpackers'
import { recordedIn, type ByteSource, type ContentBlocks, type SourceFile } from './byte-source'

/** Numbers that each block has in {@link ContentBlocks.blocks}, by their place. */
export const BlockField = { byteOffset: 0, storedLength: 1, isPacked: 2, unpackedLength: 3, skip: 4, take: 5 } as const
export const BLOCK_FIELDS = 6
/** Of a block of zeros, which lies nowhere. */
export const NO_OFFSET = -1
/** A longer list is not held in memory for one file. */
const COUNT_LIMIT = 1 << 18

/** Collects the blocks of a content. */
export class ContentBlockList {
  private readonly fields: number[] = []
  private isTooLong = false

  /** Zeros that lie nowhere. @param take how many */
  addZeros(take: number): void {
    this.push(NO_OFFSET, 0, 0, take, 0, take)
  }

  /** @param byteOffset in the volume; the others as {@link ContentBlocks.blocks} has them */
  add(
    byteOffset: number,
    storedLength: number,
    isPacked: boolean,
    unpackedLength: number,
    skip: number,
    take: number,
  ): void {
    this.push(byteOffset, storedLength, isPacked ? 1 : 0, unpackedLength, skip, take)
  }

  private push(...fields: number[]): void {
    if (this.fields.length >= COUNT_LIMIT * BLOCK_FIELDS) this.isTooLong = true
    else this.fields.push(...fields)
  }

  /** Null where they do not all lie as they are in one file, where some are not recorded, or where they are too many. */
  in(volume: ByteSource, unpacker: Unpacker): ContentBlocks | null {
    const { fields } = this
    if (this.isTooLong) return null
    const blocks = Float64Array.from(fields)
    let file: SourceFile | null = null
    // Most lie one behind the other: one question for as many as do.
    let known = { start: 0, end: 0, byteOffset: 0 }
    let rowEnd = 0
    let previousEnd = NO_OFFSET
    for (let at = 0; at < blocks.length; at += BLOCK_FIELDS) {
      const start = blocks[at + BlockField.byteOffset] ?? NO_OFFSET
      if (start === NO_OFFSET) continue
      const length = blocks[at + BlockField.storedLength] ?? 0
      if (start !== previousEnd || start >= rowEnd) rowEnd = endOfRow(blocks, at)
      previousEnd = start + length
      if (start < known.start || start + length > known.end) {
        const place = volume.locate(start, rowEnd - start)
        if (place === null || place.byteLength < length || (file !== null && place.file !== file)) return null
        if (recordedIn(volume, start, place.byteLength) < place.byteLength) return null
        file = place.file
        known = { start, end: start + place.byteLength, byteOffset: place.byteOffset }
      }
      blocks[at + BlockField.byteOffset] = known.byteOffset + start - known.start
    }
    return file && { file, unpacker, blocks }
  }
}

/** Where the blocks end that lie one behind the other from this one on. */
function endOfRow(blocks: Float64Array, first: number): number {
  let end = blocks[first + BlockField.byteOffset] ?? 0
  for (let at = first; at < blocks.length && blocks[at + BlockField.byteOffset] === end; at += BLOCK_FIELDS)
    end += blocks[at + BlockField.storedLength] ?? 0
  return end
}
