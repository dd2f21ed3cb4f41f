import fs from 'node:fs'
import {
  zisofsBlockCount,
  zisofsPointerLength,
  zisofsPointers,
  ZisofsUnpacker,
  type PackedRun,
  type ZisofsEntry,
} from '../image/codecs/zisofs-blocks'
import { sumMaker } from '../image/sums/sum-maker'

/** One read of the image serves every item of a batch that lies within this much. */
export const WINDOW_BYTES = 2 << 20
/** A part of a large file: enough that handing it to another thread costs nothing, little enough for a cancel. */
const PART_BYTES = 4 << 20
/** A table of more block pointers is not held in memory for one file. */
const TABLE_BYTES = 8 << 20

/** How the bytes of an item of a batch are to be unpacked. */
export interface Packing {
  zisofs: ZisofsEntry
  /** Unpacked, in bytes: of the item, not of the whole file where it is a part of one. */
  byteLength: number
  /** Null where the item is a whole file, from its header on. */
  part: FilePart | null
}

/** Some blocks of a file that is there already, empty. */
export interface FilePart {
  /** Where its first block goes in the file, in bytes. */
  writeOffset: number
  /** Pointers of its blocks, one more than there are blocks, in bytes from the first of the item. */
  pointers: Float64Array
}

/** Whether a packed file is small enough to be one item of a batch. */
export function isSmallPacked({ byteLength, zisofs }: PackedRun): boolean {
  return byteLength <= WINDOW_BYTES && zisofs.byteLength <= PART_BYTES
}

/** One part of a larger packed file. */
export interface PackedPart {
  /** In the file that the run lies in, in bytes. */
  byteOffset: number
  byteLength: number
  packing: Packing
}

/**
 * Cuts a larger packed file into parts that can be unpacked by any thread, in any order. Null where its pointers cannot
 * be read, or a block is too large for a batch: such a file is streamed by itself.
 */
export function partsOf(
  { byteOffset, byteLength: storedByteLength, zisofs }: PackedRun,
  readInto: (target: Uint8Array, byteOffset: number) => number,
): PackedPart[] | null {
  const blockCount = zisofsBlockCount(zisofs)
  const tableBytes = (blockCount + 1) * zisofsPointerLength(zisofs)
  if (tableBytes > TABLE_BYTES) return null
  let pointers: Float64Array
  try {
    const start = Buffer.allocUnsafe(zisofs.headerLength + tableBytes)
    pointers = zisofsPointers(start.subarray(0, readInto(start, byteOffset)), zisofs)
  } catch {
    return null
  }
  if ((pointers[blockCount] ?? Infinity) > storedByteLength) return null
  const blockLength = 2 ** zisofs.blockSizeLog2
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
        zisofs,
        byteLength: Math.min(end * blockLength, zisofs.byteLength) - writeOffset,
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
  { zisofs, byteLength, part }: Packing,
  algorithm: string | null,
): string | null {
  const sum = algorithm === null ? null : sumMaker(algorithm)
  const pointers = part?.pointers ?? zisofsPointers(stored, zisofs)
  const blockLength = 2 ** zisofs.blockSizeLog2
  const start = part?.writeOffset ?? 0
  const unpacker = unpackerFor(zisofs)
  for (let block = 0, done = 0; done < byteLength; block++) {
    const length = Math.min(blockLength, byteLength - done)
    const bytes = unpacker.unpack(stored.subarray(pointers[block] ?? 0, pointers[block + 1] ?? 0), length)
    sum?.update(bytes)
    for (let from = 0; from < length;) from += fs.writeSync(descriptor, bytes, from, length - from, start + done + from)
    done += length
  }
  return sum?.digest('hex') ?? null
}

let latest: ZisofsUnpacker | null = null

/** One for the files of a batch: hardly an image packs with blocks of several sizes. */
function unpackerFor(zisofs: ZisofsEntry): ZisofsUnpacker {
  if (!latest?.fits(zisofs)) latest = new ZisofsUnpacker(zisofs)
  return latest
}
