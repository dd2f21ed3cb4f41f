import fs from 'node:fs'
import { unpackBriefly, type Unpacker } from '../image/codecs/unpackers'
import { copied } from '../image/core/copied'
import { SourceError, type ContentBlocks } from '../image/core/byte-source'
import { BLOCK_FIELDS, BlockField, NO_OFFSET } from '../image/core/content-blocks'
import type { EntryTable } from '../image/core/entry-table'
import { sumMaker } from '../image/sums/sum-maker'

/** So much of a large file is one item: what slow ways of packing take for it is still short enough for a cancel. */
const ITEM_BYTES = 2 << 20
/** A file that is summed while it is written is one item; larger ones are streamed. */
const SUMMED_BYTES = 16 << 20
/** Blocks that are longer are not held beside others. */
const BLOCK_BYTES_LIMIT = 4 << 20

/** Null where the content is not to be had in blocks. What speaks against it, its content says better. */
export async function blocksOf(table: EntryTable, entry: number): Promise<ContentBlocks | null> {
  const content = table.content(entry)
  if (content === null) return null
  try {
    return (await content.contentBlocks?.()) ?? null
  } catch {
    return null
  } finally {
    await content.close()
  }
}

/** Some blocks of a file that another thread unpacks: all of a short file, or a part of one that already exists. */
export interface BlockItem {
  unpacker: Unpacker
  /** As `ContentBlocks` has them. */
  blocks: Float64Array
  /** Unpacked, in bytes. */
  byteLength: number
  /** Where they go in a file that is written in parts; null where they are the whole file. */
  part: { writeOffset: number } | null
}

/** An item, and where in the file that its blocks lie in a single read gets many of them. */
export interface PlacedItem {
  byteOffset: number
  byteLength: number
  packing: BlockItem
}

/**
 * Cuts a content into items.
 * @param isSummed all of it must pass one thread
 * @param windowLength of one read, in bytes
 * @returns null where it must be streamed
 */
export function blockItemsOf(
  { blocks, unpacker }: ContentBlocks,
  isSummed: boolean,
  windowLength: number,
): PlacedItem[] | null {
  const items: PlacedItem[] = []
  for (let first = 0, writeOffset = 0; first < blocks.length;) {
    let end = first
    let byteLength = 0
    while (end < blocks.length && (isSummed || byteLength < ITEM_BYTES)) {
      byteLength += field(blocks, end, BlockField.take)
      const size = Math.max(field(blocks, end, BlockField.unpackedLength), field(blocks, end, BlockField.storedLength))
      if (size > BLOCK_BYTES_LIMIT || (isSummed && byteLength > SUMMED_BYTES)) return null
      end += BLOCK_FIELDS
    }
    const isWhole = first === 0 && end === blocks.length
    const packing = { unpacker, blocks: blocks.slice(first, end), byteLength, part: isWhole ? null : { writeOffset } }
    items.push({ ...windowOf(packing.blocks, windowLength), packing })
    writeOffset += byteLength
    first = end
  }
  return items
}

/** The blocks from the first one on that lie one behind the other, as far as one read goes. */
function windowOf(blocks: Float64Array, windowLength: number): { byteOffset: number; byteLength: number } {
  let byteOffset = NO_OFFSET
  let end = 0
  for (let at = 0; at < blocks.length; at += BLOCK_FIELDS) {
    const start = field(blocks, at, BlockField.byteOffset)
    if (start === NO_OFFSET) continue
    if (byteOffset === NO_OFFSET) byteOffset = end = start
    const next = start + field(blocks, at, BlockField.storedLength)
    if (start !== end || next - byteOffset > windowLength) break
    end = next
  }
  return { byteOffset: Math.max(0, byteOffset), byteLength: byteOffset === NO_OFFSET ? 0 : end - byteOffset }
}

function field(blocks: Float64Array, at: number, which: number): number {
  return blocks[at + which] ?? 0
}

/** Stored bytes of the file that a batch is read from; they are good until the next are asked for. */
export type StoredBytes = (byteOffset: number, byteLength: number) => Uint8Array

/** Unpacks items of one file, and keeps the block that was unpacked last: short files share theirs with their neighbours. */
export class BlockWriter {
  private last: { block: Float64Array; unpacker: Unpacker; bytes: Uint8Array } | null = null

  /**
   * Unpacks an item into an open file.
   * @param algorithm to sum the unpacked bytes by; null for none
   * @returns the sum, in hexadecimal, or null
   * @throws {SourceError} where they do not unpack
   * @throws the system's error where the destination refuses
   */
  write(descriptor: number, item: BlockItem, stored: StoredBytes, algorithm: string | null): string | null {
    const sum = algorithm === null ? null : sumMaker(algorithm)
    let position = item.part?.writeOffset ?? 0
    for (let at = 0; at < item.blocks.length; at += BLOCK_FIELDS) {
      const bytes = this.block(item, at, stored)
      sum?.update(bytes)
      for (let done = 0; done < bytes.byteLength;)
        done += fs.writeSync(descriptor, bytes, done, bytes.byteLength - done, position + done)
      position += bytes.byteLength
    }
    return sum?.digest('hex') ?? null
  }

  /** What is taken of a block. */
  private block({ blocks, unpacker }: BlockItem, at: number, stored: StoredBytes): Uint8Array {
    const take = field(blocks, at, BlockField.take)
    const skip = field(blocks, at, BlockField.skip)
    const byteOffset = field(blocks, at, BlockField.byteOffset)
    if (byteOffset === NO_OFFSET) return new Uint8Array(take)
    const bytes =
      field(blocks, at, BlockField.isPacked) === 0
        ? stored(byteOffset, field(blocks, at, BlockField.storedLength))
        : this.unpacked(unpacker, blocks, at, stored)
    if (bytes.byteLength < skip + take) throw new SourceError('CONTENT_DAMAGED', 'A packed block unpacks too short.')
    return bytes.subarray(skip, skip + take)
  }

  private unpacked(unpacker: Unpacker, blocks: Float64Array, at: number, stored: StoredBytes): Uint8Array {
    const { last } = this
    if (last !== null && last.unpacker.id === unpacker.id && isSameBlock(last.block, blocks, at)) return last.bytes
    const packed = stored(field(blocks, at, BlockField.byteOffset), field(blocks, at, BlockField.storedLength))
    const bytes = unpack(unpacker, packed, field(blocks, at, BlockField.unpackedLength))
    // All of it is taken, as a rule, and written before the next one comes.
    if (field(blocks, at, BlockField.take) === bytes.byteLength) return bytes
    this.last = { block: blocks.slice(at, at + BLOCK_FIELDS), unpacker, bytes: copied(bytes) }
    return this.last.bytes
  }
}

/** Whether two are packed from the same bytes to the same; they may take other parts of it. */
function isSameBlock(block: Float64Array, blocks: Float64Array, at: number): boolean {
  for (const which of [BlockField.byteOffset, BlockField.storedLength, BlockField.unpackedLength])
    if (field(block, 0, which) !== field(blocks, at, which)) return false
  return true
}

function unpack(unpacker: Unpacker, packed: Uint8Array, byteLength: number): Uint8Array {
  try {
    return unpackBriefly(unpacker, packed, byteLength)
  } catch (cause) {
    throw new SourceError('CONTENT_DAMAGED', 'A packed block does not unpack.', { cause })
  }
}
