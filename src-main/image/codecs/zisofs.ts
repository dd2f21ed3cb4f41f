import { ByteReader } from '../core/byte-reader'
import { BlockInflater } from './block-inflater'
import { damagedContent } from './damaged-content'
import { packedFault } from './packed-fault'
import type { BlockCodec, BlockUnpacker, Packing } from './packing'

/** A header of version 1: what it begins with, how long it is, and where its fields stand, in bytes. */
export const ZisofsHeader = {
  magic: '\x37\xe4\x53\x96\xc9\xdb\xd6\x07',
  length: 16,
  byteLengthAt: 8,
  headerLengthAt: 12,
  blockSizeLog2At: 13,
} as const
const MAGIC_2 = '\xef\x22\x55\xa1\xbc\x1b\x95\xa0'

/** What a `ZF` entry says of a file (RRIP, and zisofs by H. Peter Anvin; version 2 by libisofs with 64-bit pointers). */
export interface ZisofsEntry {
  version: 1 | 2
  /** In bytes. */
  headerLength: number
  blockSizeLog2: number
  /** Unpacked. */
  byteLength: number
}

export function zisofsPacking({ version, headerLength, blockSizeLog2, byteLength }: ZisofsEntry): Packing {
  return { codec: zisofs.id, byteLength, blockLength: 2 ** blockSizeLog2, parameters: { version, headerLength } }
}

/** What a file's own header says again of what its directory record says; null where it begins with none. */
export function readZisofsHeader(start: Uint8Array, version: 1 | 2): ZisofsEntry | null {
  const header = new ByteReader(start)
  if (!header.matches(0, version === 1 ? ZisofsHeader.magic : MAGIC_2)) return null
  return version === 1
    ? {
        version,
        byteLength: header.u32Le(ZisofsHeader.byteLengthAt),
        headerLength: header.u8(ZisofsHeader.headerLengthAt) * 4,
        blockSizeLog2: header.u8(ZisofsHeader.blockSizeLog2At),
      }
    : { version, byteLength: header.u64Le(12), headerLength: header.u8(9) * 4, blockSizeLog2: header.u8(11) }
}

/** Blocks of zlib data, each found through a table of pointers behind a header. A block without bytes is zeros. */
export const zisofs: BlockCodec = {
  id: 'zisofs',
  startLength: 24,
  checkStart(start, packing) {
    const { version = 1, headerLength = 0 } = packing.parameters
    if (start.byteLength < 16) return
    const own = readZisofsHeader(start, version === 1 ? 1 : 2)
    if (own === null) throw damagedContent('has no zisofs header')
    // Which length is right where its two differ is settled when the file is found.
    const isSame = own.headerLength === headerLength && 2 ** own.blockSizeLog2 === packing.blockLength
    if (!isSame) throw damagedContent('has another header than its directory record says')
  },
  table: ({ parameters: { version = 1, headerLength = 0 } }) => ({
    byteOffset: headerLength,
    pointerLength: version === 1 ? 4 : 8,
  }),
  // zlib makes what does not pack hardly longer.
  packedBlockLimit: ({ blockLength }) => blockLength * 2 + 1024,
  createUnpacker: ({ blockLength }) => new ZisofsUnpacker(blockLength),
}

class ZisofsUnpacker implements BlockUnpacker {
  private readonly inflater: BlockInflater
  private zeros: Uint8Array | null = null

  constructor(private readonly blockLength: number) {
    this.inflater = new BlockInflater(blockLength)
  }

  fits({ codec, blockLength }: Packing): boolean {
    return codec === zisofs.id && blockLength === this.blockLength
  }

  unpack(packed: Uint8Array, byteLength: number): Uint8Array {
    if (packed.byteLength === 0) return (this.zeros ??= new Uint8Array(this.blockLength)).subarray(0, byteLength)
    let block: Uint8Array
    try {
      block = this.inflater.inflate(packed)
    } catch (error) {
      throw damagedContent('has a block that does not unpack', packedFault(error))
    }
    if (block.byteLength < byteLength) throw damagedContent('has a block that unpacks too short')
    return block.byteLength === byteLength ? block : block.subarray(0, byteLength)
  }
}
