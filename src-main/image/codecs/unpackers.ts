import { inflateSync, zstdDecompressSync } from 'node:zlib'
import { borrowing } from './compiled'
import { unpackLoneLzma } from './lone-lzma-block'
import { unpackLz4 } from './lz4'
import { unpackLzms } from './lzms'
import { unpackLzo } from './lzo'
import { LzxUnpacker } from './lzx'
import { unpackXpress } from './xpress'
import { unpackXz } from './xz/xz-block'

/** A way in which formats pack blocks that unpack by themselves; plain data, so that any thread can be told. */
export interface Unpacker {
  id: 'gzip' | 'lzma' | 'lzo' | 'xz' | 'lz4' | 'zstd' | 'xpress' | 'lzx' | 'lzms'
  /** Of every block but the last, in bytes, for those ways that depend on it; else 0. */
  blockLength: number
}

type Unpack = (packed: Uint8Array, byteLength: number, blockLength: number) => Uint8Array

/** What zlib unpacks to at once, in bytes. */
const PIECE_LEAST = 1 << 10
const PIECE_LIMIT = (1 << 20) + 1

/** With room for one byte more, so that zlib sees the end: else it puts together many pieces, the last of them empty. */
function inOnePiece(limit: number): { maxOutputLength: number; chunkSize: number } {
  return { maxOutputLength: limit, chunkSize: Math.min(PIECE_LIMIT, Math.max(PIECE_LEAST, limit + 1)) }
}

const UNPACK: Record<Unpacker['id'], Unpack> = {
  gzip: (packed, limit) => inflateSync(packed, inOnePiece(limit)),
  // As squashfs-tools has it (lzma_wrapper.c); Linux itself never mounted such.
  lzma: unpackLoneLzma,
  lzo: unpackLzo,
  xz: unpackXz,
  // A block does not say how long it is: it ends with its input.
  lz4: unpackLz4,
  zstd: (packed, limit) => zstdDecompressSync(packed, inOnePiece(limit)),
  xpress: unpackXpress,
  lzx: (packed, byteLength, blockLength) => lzxFor(blockLength).unpack(packed, byteLength),
  lzms: unpackLzms,
}

/** As {@link unpackHere}, on whatever thread. What is packed is left as it is. */
export type UnpackBlock = (
  unpacker: Unpacker,
  packed: Uint8Array,
  byteLength: number,
) => Uint8Array | Promise<Uint8Array>

/**
 * Unpacks a block here and now.
 * @param byteLength what it unpacks to: exactly for those ways that need to know (XPRESS, LZX, LZMS), else at most
 * @throws as its codec does
 */
export function unpackHere({ id, blockLength }: Unpacker, packed: Uint8Array, byteLength: number): Uint8Array {
  return UNPACK[id](packed, byteLength, blockLength)
}

/** As {@link unpackHere}, to bytes that are good until the next block is unpacked on this thread. */
export function unpackBriefly(unpacker: Unpacker, packed: Uint8Array, byteLength: number): Uint8Array {
  return borrowing(() => unpackHere(unpacker, packed, byteLength))
}

let lastLzx: { blockLength: number; unpacker: LzxUnpacker } | null = null

/** A volume has blocks of one length. */
function lzxFor(blockLength: number): LzxUnpacker {
  if (lastLzx?.blockLength !== blockLength) lastLzx = { blockLength, unpacker: new LzxUnpacker(blockLength) }
  return lastLzx.unpacker
}
