import { latin1, matchesAscii, readU16Le, readU32Le, readU64Le } from '../byte-reader'

export const HEADER_LENGTH = 208
export const RESOURCE_LENGTH = 24
export const MAGIC = 'MSWIM\0\0\0'
/** Written for reading in one go: chunk tables lie behind the chunks. */
export const PIPABLE_MAGIC = 'WLPWM\0\0\0'

/** Where the fields of a header stand, in bytes (`WIMHEADER_V1_PACKED`). */
export const HeaderAt = {
  length: 8,
  version: 12,
  flags: 16,
  chunkLength: 20,
  guid: 24,
  part: 40,
  partCount: 42,
  imageCount: 44,
  blobTable: 48,
  xml: 72,
  bootMetadata: 96,
  bootImage: 120,
  integrity: 124,
} as const
export const GUID_LENGTH = 16

/** Flags of a header. */
export const HeaderFlag = { compressed: 2, spanned: 8, xpress: 0x20000, lzx: 0x40000, lzms: 0x80000 } as const

/** `RESHDR` flags. */
export const ResourceFlag = { metadata: 2, compressed: 4, spanned: 8, solid: 16 } as const

const METHODS: readonly [flag: number, method: Method][] = [
  [HeaderFlag.xpress, 'xpress'],
  [HeaderFlag.lzx, 'lzx'],
  [HeaderFlag.lzms, 'lzms'],
]

/** How chunks are packed. */
export type Method = 'none' | 'xpress' | 'lzx' | 'lzms'

/** A range of the file (`RESHDR`), packed or not. */
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
  const flags = readU32Le(bytes, HeaderAt.flags)
  const method = METHODS.find(([flag]) => (flags & flag) !== 0)?.[1] ?? 'none'
  return {
    isPipable,
    method: (flags & HeaderFlag.compressed) === 0 ? 'none' : method,
    chunkLength: readU32Le(bytes, HeaderAt.chunkLength),
    guid: latin1(bytes.subarray(HeaderAt.guid, HeaderAt.guid + GUID_LENGTH)),
    part: readU16Le(bytes, HeaderAt.part),
    partCount: readU16Le(bytes, HeaderAt.partCount),
    imageCount: readU32Le(bytes, HeaderAt.imageCount),
    blobTable: readResource(bytes, HeaderAt.blobTable),
    xml: readResource(bytes, HeaderAt.xml),
    bootImage: readU32Le(bytes, HeaderAt.bootImage),
    integrity: readResource(bytes, HeaderAt.integrity),
  }
}

/** Where the parts of a `RESHDR` stand: seven bytes of packed length, one of flags, offset and length. */
export const ResourceAt = { packedLength: 0, flags: 7, byteOffset: 8, byteLength: 16 } as const

export function readResource(bytes: Uint8Array, at: number): ResourceHeader {
  return {
    packedLength: readU32Le(bytes, at) + (readU32Le(bytes, at + 4) & 0xffffff) * 2 ** 32,
    flags: bytes[at + ResourceAt.flags] ?? 0,
    byteOffset: readU64Le(bytes, at + ResourceAt.byteOffset),
    byteLength: readU64Le(bytes, at + ResourceAt.byteLength),
  }
}
