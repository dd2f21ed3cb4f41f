import fs from 'node:fs'
import { blockCountOf, readBlockPointers, tableEndOf } from '../image/codecs/block-table'
import type { BlockUnpacker, Packing } from '../image/codecs/packing'
import { codecOf } from '../image/codecs/registry'
import type { PackedRun } from '../image/core/entry-table'
import { sumMaker } from '../image/sums/sum-maker'

/** One read of the image serves every item of a batch that lies within this much. */
export const WINDOW_BYTES = 2 << 20
/** A part of a large file: enough that handing it to another thread costs nothing, little enough for a cancel. */
const PART_BYTES = 4 << 20
/** A table of more block pointers is not held in memory for one file. */
const TABLE_BYTES = 8 << 20

/** How the bytes of an item of a batch are to be unpacked. */
export interface PackedItem {
  how: Packing
  /** Unpacked, in bytes: of the item, not of the whole file where it is a part of one. */
  byteLength: number
  /** Null where the item is a whole file, from its header on. */
  part: FilePart | null
}

/** Some blocks of a file that already exists, empty. */
export interface FilePart {
  /** Where its first block goes in the file, in bytes. */
  writeOffset: number
  /** Pointers of its blocks, one more than there are blocks, in bytes from the first of the item. */
  pointers: Float64Array
}

/** Whether a packed file is small enough to be one item of a batch. */
export function isSmallPacked({ byteLength, packing }: PackedRun): boolean {
  return byteLength <= WINDOW_BYTES && packing.byteLength <= PART_BYTES
}

/** One part of a larger packed file. */
export interface PackedPart {
  /** In the file that the run lies in, in bytes. */
  byteOffset: number
  byteLength: number
  packing: PackedItem
}

/**
 * Cuts a larger packed file into parts that can be unpacked by any thread, in any order. Null where its pointers cannot
 * be read, or a block is too large for a batch: such a file is streamed by itself.
 */
export function partsOf(
  { byteOffset, byteLength: storedByteLength, packing }: PackedRun,
  readInto: (target: Uint8Array, byteOffset: number) => number,
): PackedPart[] | null {
  const blockCount = blockCountOf(packing)
  const tableEnd = tableEndOf(packing)
  if (tableEnd > TABLE_BYTES) return null
  let pointers: Float64Array
  try {
    const start = Buffer.allocUnsafe(tableEnd)
    pointers = readBlockPointers(start.subarray(0, readInto(start, byteOffset)), packing)
  } catch {
    return null
  }
  if ((pointers[blockCount] ?? Infinity) > storedByteLength) return null
  const { blockLength } = packing
  const parts: PackedPart[] = []
  for (let block = 0; block < blockCount;) {
    const start = pointers[block] ?? 0
    let end = block
    while (
      end < blockCount &&
      (pointers[end + 1] ?? 0) - start <= WINDOW_BYTES &&
      (end - block + 1) * blockLength <= Math.max(PART_BYTES, blockLength)
    )
      end++
    if (end === block) return null
    const writeOffset = block * blockLength
    parts.push({
      byteOffset: byteOffset + start,
      byteLength: (pointers[end] ?? 0) - start,
      packing: {
        how: packing,
        byteLength: Math.min(end * blockLength, packing.byteLength) - writeOffset,
        part: { writeOffset, pointers: pointers.slice(block, end + 1).map((pointer) => pointer - start) },
      },
    })
    block = end
  }
  return parts
}

/**
 * Unpacks an item of a batch into an open file.
 * @param stored its packed bytes
 * @param algorithm to sum the unpacked bytes by; null for none
 * @returns the sum, in hexadecimal, or null
 * @throws {SourceError} where they do not unpack
 * @throws the system's error where the destination refuses
 */
export function unpackInto(
  descriptor: number,
  stored: Uint8Array,
  { how, byteLength, part }: PackedItem,
  algorithm: string | null,
): string | null {
  const sum = algorithm === null ? null : sumMaker(algorithm)
  const pointers = part?.pointers ?? readBlockPointers(stored, how)
  const { blockLength } = how
  const start = part?.writeOffset ?? 0
  const unpacker = unpackerFor(how)
  for (let block = 0, done = 0; done < byteLength; block++) {
    const length = Math.min(blockLength, byteLength - done)
    const bytes = unpacker.unpack(stored.subarray(pointers[block] ?? 0, pointers[block + 1] ?? 0), length)
    sum?.update(bytes)
    for (let from = 0; from < length;) from += fs.writeSync(descriptor, bytes, from, length - from, start + done + from)
    done += length
  }
  return sum?.digest('hex') ?? null
}

let latest: BlockUnpacker | null = null

/** One for the files of a batch: hardly an image packs with blocks of several sizes. */
function unpackerFor(how: Packing): BlockUnpacker {
  if (latest?.fits(how) !== true) latest = codecOf(how).createUnpacker(how)
  return latest
}
