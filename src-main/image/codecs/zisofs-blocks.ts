import { ByteReader } from '../core/byte-reader'
import { SourceError, type Place } from '../core/byte-source'
import { BlockInflater } from './block-inflater'

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

/** Where a file's packed bytes lie, in one piece of one file. */
export interface PackedRun extends Place {
  zisofs: ZisofsEntry
}

const MAGIC_1 = '\x37\xe4\x53\x96\xc9\xdb\xd6\x07'
const MAGIC_2 = '\xef\x22\x55\xa1\xbc\x1b\x95\xa0'

/** @throws {SourceError} `CONTENT_DAMAGED` where the stored bytes begin otherwise than zisofs does */
export function checkZisofsHeader(start: Uint8Array, zisofs: ZisofsEntry): void {
  const { version } = zisofs
  const header = new ByteReader(start)
  if (header.byteLength < 16) return
  if (!header.matches(0, version === 1 ? MAGIC_1 : MAGIC_2)) throw damaged('has no zisofs header')
  // The file's own header says again what the directory record says of it.
  const own =
    version === 1
      ? { byteLength: header.u32Le(8), headerLength: header.u8(12) * 4, blockSizeLog2: header.u8(13) }
      : { byteLength: header.u64Le(12), headerLength: header.u8(9) * 4, blockSizeLog2: header.u8(11) }
  const isSame =
    own.headerLength === zisofs.headerLength &&
    own.blockSizeLog2 === zisofs.blockSizeLog2 &&
    (header.byteLength < 20 || own.byteLength === zisofs.byteLength)
  if (!isSame) throw damaged('has another header than its directory record says')
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
  checkZisofsHeader(start, zisofs)
  const reader = new ByteReader(start)
  const pointerLength = zisofsPointerLength(zisofs)
  const pointers = new Float64Array(zisofsBlockCount(zisofs) + 1)
  const { headerLength } = zisofs
  if (!reader.has(headerLength, pointers.length * pointerLength)) throw damaged('ends within its block pointers')
  const limit = packedBlockLimit(zisofs)
  let before = 0
  for (let i = 0; i < pointers.length; i++) {
    const at = headerLength + i * pointerLength
    const pointer = pointerLength === 4 ? reader.u32Le(at) : reader.u64Le(at)
    if (i > 0 && (pointer < before || pointer - before > limit)) throw outOfOrder()
    pointers[i] = pointer
    before = pointer
  }
  return pointers
}

/** @throws {SourceError} `CONTENT_DAMAGED` where a block cannot lie between these pointers */
export function checkBlock(start: number, end: number, zisofs: ZisofsEntry): void {
  if (end < start || end - start > packedBlockLimit(zisofs)) throw outOfOrder()
}

/** A packed block is never much larger than what is in it. */
function packedBlockLimit({ blockSizeLog2 }: ZisofsEntry): number {
  return 2 ** blockSizeLog2 * 2 + 1024
}

/** Unpacks the blocks of a file one after another, in the same memory. */
export class ZisofsUnpacker {
  private readonly blockLength: number
  private readonly inflater: BlockInflater
  private zeros: Uint8Array | null = null

  constructor({ blockSizeLog2 }: ZisofsEntry) {
    this.blockLength = 2 ** blockSizeLog2
    this.inflater = new BlockInflater(this.blockLength)
  }

  /** Whether blocks of this file are of the same length. */
  fits({ blockSizeLog2 }: ZisofsEntry): boolean {
    return this.blockLength === 2 ** blockSizeLog2
  }

  /**
   * @param packed the block's stored bytes; none for a block of zeros
   * @param length how many bytes of it the file needs
   * @returns so many bytes, good until the next call
   * @throws {SourceError} `CONTENT_DAMAGED`
   */
  unpack(packed: Uint8Array, length: number): Uint8Array {
    if (packed.byteLength === 0) return (this.zeros ??= new Uint8Array(this.blockLength)).subarray(0, length)
    let block: Uint8Array
    try {
      block = this.inflater.inflate(packed)
    } catch (cause) {
      throw damaged('has a block that does not unpack', cause)
    }
    if (block.byteLength < length) throw damaged('has a block that unpacks too short')
    return block.byteLength === length ? block : block.subarray(0, length)
  }
}

function outOfOrder(): SourceError {
  return damaged('has block pointers out of order')
}

function damaged(what: string, cause?: unknown): SourceError {
  return new SourceError('CONTENT_DAMAGED', `The compressed file ${what}.`, { cause })
}
