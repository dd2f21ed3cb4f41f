import { inflateSync } from 'node:zlib'
import { ByteReader } from '../byte-reader'
import { SourceError } from '../byte-source'

/**
 * How a file is packed, as its `ZF` entry says (RRIP, and zisofs by H. Peter Anvin; version 2 by libisofs with 64-bit
 * pointers). Plain data, since packed files are handed to other threads.
 */
export interface ZisofsEntry {
  version: 1 | 2
  /** In bytes. */
  headerLength: number
  blockSizeLog2: number
  /** Unpacked. */
  byteLength: number
}

/** Where a file's packed bytes lie in the image file, in one piece. */
export interface PackedRun {
  byteOffset: number
  storedByteLength: number
  zisofs: ZisofsEntry
}

const MAGIC_1 = '\x37\xe4\x53\x96\xc9\xdb\xd6\x07'
const MAGIC_2 = '\xef\x22\x55\xa1\xbc\x1b\x95\xa0'

/** @throws {SourceError} `CONTENT_DAMAGED` where the stored bytes begin otherwise than zisofs does */
export function checkZisofsHeader(start: Uint8Array, version: 1 | 2): void {
  const header = new ByteReader(start)
  if (header.byteLength >= 16 && !header.matches(0, version === 1 ? MAGIC_1 : MAGIC_2))
    throw damaged('has no zisofs header')
}

export function zisofsPointerLength({ version }: ZisofsEntry): 4 | 8 {
  return version === 1 ? 4 : 8
}

/** How many blocks the unpacked file has; there is one pointer more. */
export function zisofsBlockCount({ byteLength, blockSizeLog2 }: ZisofsEntry): number {
  return Math.ceil(byteLength / 2 ** blockSizeLog2)
}

/**
 * The block pointers, in bytes from the start of the stored file: block n lies between pointer n and n + 1.
 * @param start the stored bytes from their first, with at least the header and the pointers
 * @throws {SourceError} `CONTENT_DAMAGED` where they are not all there or run backwards
 */
export function zisofsPointers(start: Uint8Array, zisofs: ZisofsEntry): Float64Array {
  checkZisofsHeader(start, zisofs.version)
  const reader = new ByteReader(start)
  const pointerLength = zisofsPointerLength(zisofs)
  const pointers = new Float64Array(zisofsBlockCount(zisofs) + 1)
  const { headerLength } = zisofs
  if (!reader.has(headerLength, pointers.length * pointerLength)) throw damaged('ends within its block pointers')
  for (let i = 0; i < pointers.length; i++) {
    const at = headerLength + i * pointerLength
    pointers[i] = pointerLength === 4 ? reader.u32Le(at) : reader.u64Le(at)
    if (i > 0) checkBlock(pointers[i - 1] ?? 0, pointers[i] ?? 0, zisofs)
  }
  return pointers
}

/** @throws {SourceError} `CONTENT_DAMAGED` where a block cannot lie between these pointers */
export function checkBlock(start: number, end: number, { blockSizeLog2 }: ZisofsEntry): void {
  if (end < start || end - start > 2 ** blockSizeLog2 * 2 + 1024) throw damaged('has block pointers out of order')
}

/**
 * Unpacks one block.
 * @param packed its stored bytes; none for a block of zeros
 * @param length how many bytes of it the file needs
 * @throws {SourceError} `CONTENT_DAMAGED`
 */
export function unpackZisofsBlock(packed: Uint8Array, length: number, { blockSizeLog2 }: ZisofsEntry): Uint8Array {
  if (packed.byteLength === 0) return new Uint8Array(length)
  const block = inflateBlock(packed, 2 ** blockSizeLog2)
  if (block.byteLength < length) throw damaged('has a block that unpacks too short')
  return block
}

function inflateBlock(packed: Uint8Array, blockLength: number): Uint8Array {
  try {
    // One output buffer, a byte larger than the block, so that the decoder sees the end without asking for another:
    // with its usual 16 KiB steps it takes twice as long.
    return inflateSync(packed, { maxOutputLength: blockLength, chunkSize: blockLength + 1 })
  } catch (cause) {
    throw damaged('has a block that does not unpack', cause)
  }
}

function damaged(what: string, cause?: unknown): SourceError {
  return new SourceError('CONTENT_DAMAGED', `The compressed file ${what}.`, { cause })
}
