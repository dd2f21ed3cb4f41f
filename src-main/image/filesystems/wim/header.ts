import { latin1, matchesAscii, readU16Le, readU32Le, readU64Le } from '../../core/byte-reader'

export const HEADER_LENGTH = 208
export const RESOURCE_LENGTH = 24
export const MAGIC = 'MSWIM\0\0\0'
/** Written for reading in one go: chunk tables lie behind the chunks. */
export const PIPABLE_MAGIC = 'WLPWM\0\0\0'

/** `RESHDR` flags. */
export const ResourceFlag = { metadata: 2, compressed: 4, spanned: 8, solid: 16 } as const

const HEADER_COMPRESSED = 2
const METHODS: readonly [flag: number, method: Method][] = [
  [0x20000, 'xpress'],
  [0x40000, 'lzx'],
  [0x80000, 'lzms'],
]

/** How chunks are packed. */
export type Method = 'none' | 'xpress' | 'lzx' | 'lzms'

/** A stretch of the file (`RESHDR`), packed or not. */
export interface ResourceHeader {
  flags: number
  /** In bytes of the file. */
  byteOffset: number
  packedLength: number
  /** Unpacked, in bytes. */
  byteLength: number
}

/** `WIMHEADER_V1_PACKED`. */
export interface WimHeader {
  isPipable: boolean
  method: Method
  /** Of every chunk but a resource's last, unpacked, in bytes. */
  chunkLength: number
  /** What the parts of one image have in common. */
  guid: string
  part: number
  partCount: number
  imageCount: number
  blobTable: ResourceHeader
  xml: ResourceHeader
  /** From 1; 0 for none. */
  bootImage: number
  integrity: ResourceHeader
}

/** Null where the bytes are no header. @param bytes at least {@link HEADER_LENGTH} from the file's first */
export function readHeader(bytes: Uint8Array): WimHeader | null {
  const isPipable = matchesAscii(bytes, 0, PIPABLE_MAGIC)
  if (bytes.byteLength < HEADER_LENGTH || !(isPipable || matchesAscii(bytes, 0, MAGIC))) return null
  const flags = readU32Le(bytes, 16)
  const method = METHODS.find(([flag]) => (flags & flag) !== 0)?.[1] ?? 'none'
  return {
    isPipable,
    method: (flags & HEADER_COMPRESSED) === 0 ? 'none' : method,
    chunkLength: readU32Le(bytes, 20),
    guid: latin1(bytes.subarray(24, 40)),
    part: readU16Le(bytes, 40),
    partCount: readU16Le(bytes, 42),
    imageCount: readU32Le(bytes, 44),
    blobTable: readResource(bytes, 48),
    xml: readResource(bytes, 72),
    bootImage: readU32Le(bytes, 120),
    integrity: readResource(bytes, 124),
  }
}

/** Seven bytes of packed length, one of flags, then offset and length. */
export function readResource(bytes: Uint8Array, at: number): ResourceHeader {
  return {
    packedLength: readU32Le(bytes, at) + (readU32Le(bytes, at + 4) & 0xffffff) * 2 ** 32,
    flags: bytes[at + 7] ?? 0,
    byteOffset: readU64Le(bytes, at + 8),
    byteLength: readU64Le(bytes, at + 16),
  }
}
