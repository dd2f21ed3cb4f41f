import { ByteReader } from '../../core/byte-reader'
import { crc32cWithin } from '../../core/crc32c'
import { guidAt } from '../../core/guid'

/** [MS-VHDX]; little-endian. */
export const FILE_MAGIC = 'vhdxfile'
export const HEADER_OFFSETS = [64 << 10, 128 << 10] as const
export const HEADER_LENGTH = 4096
export const REGION_TABLE_OFFSETS = [192 << 10, 256 << 10] as const
export const REGION_TABLE_LENGTH = 64 << 10
export const MIB = 1 << 20
/** 2.5.1.1: states of a block. */
export const BlockState = { notPresent: 0, undefined: 1, zero: 2, unmapped: 3, whole: 6, partly: 7 } as const
export const METADATA_TABLE_LENGTH = 64 << 10
const REGION_LIMIT = 2047
const ITEM_LIMIT = 2047

const BLOCK_TABLE = '2dc27766-f623-4200-9d64-115e9bfd4a08'
const METADATA = '8b7ca206-4790-4b9a-b8fe-575f050f886e'
export const Item = {
  fileParameters: 'caa16737-fa36-4d43-b3b6-33f0aa44e76b',
  diskLength: '2fa54224-cd1b-4876-b211-5dbed83bf4b8',
  sectorLength: '8141bf1d-a96f-4709-ba47-f233a8faab5f',
  baseLocator: 'a8d35f2d-b30b-454d-abf7-d3d84834ab0c',
} as const

/** 2.2.2. */
export interface Header {
  sequence: number
  /** Of what is written in the disk; a disk that is based on this one knows it by that. */
  identity: string
  /** Null: the log has nothing in it. */
  logIdentity: string | null
  logOffset: number
  logLength: number
}

/** Null where it is none, or its sum does not fit. */
export function readHeader(bytes: Uint8Array): Header | null {
  const reader = new ByteReader(bytes)
  if (!reader.has(0, HEADER_LENGTH) || !reader.matches(0, 'head')) return null
  if (crc32cWithin(bytes, 4) !== reader.u32Le(4)) return null
  const logIdentity = guidAt(reader, 48)
  return {
    sequence: reader.u64Le(8),
    identity: guidAt(reader, 32),
    logIdentity: /[^0-]/.test(logIdentity) ? logIdentity : null,
    logOffset: reader.u64Le(72),
    logLength: reader.u32Le(68),
  }
}

export interface Region {
  byteOffset: number
  byteLength: number
}

/** 2.2.3. Null where the sum does not fit, or a region is missing; `isKnown` is false where one is needed that is not known. */
export function readRegions(bytes: Uint8Array): { blocks: Region; metadata: Region; isKnown: boolean } | null {
  const reader = new ByteReader(bytes)
  if (!reader.has(0, REGION_TABLE_LENGTH) || !reader.matches(0, 'regi')) return null
  if (crc32cWithin(bytes, 4) !== reader.u32Le(4)) return null
  let blocks: Region | null = null
  let metadata: Region | null = null
  let isKnown = true
  const count = Math.min(reader.u32Le(8), REGION_LIMIT)
  for (let index = 0; index < count; index++) {
    const at = 16 + index * 32
    const region = { byteOffset: reader.u64Le(at + 16), byteLength: reader.u32Le(at + 24) }
    const id = guidAt(reader, at)
    if (id === BLOCK_TABLE) blocks = region
    else if (id === METADATA) metadata = region
    else if ((reader.u32Le(at + 28) & 1) !== 0) isKnown = false
  }
  return blocks === null || metadata === null ? null : { blocks, metadata, isKnown }
}

/** 2.6.1: where items lie, in bytes from the start of the region. */
export function readItems(bytes: Uint8Array): Map<string, Region> | null {
  const reader = new ByteReader(bytes)
  if (!reader.matches(0, 'metadata')) return null
  const count = Math.min(reader.u16Le(10), ITEM_LIMIT)
  const items = new Map<string, Region>()
  for (let index = 0; index < count; index++) {
    const at = 32 + index * 32
    items.set(guidAt(reader, at), { byteOffset: reader.u32Le(at + 16), byteLength: reader.u32Le(at + 20) })
  }
  return items
}

/** 2.6.2.6.1: keys and values of the parent locator. */
export function readLocator(bytes: Uint8Array): Map<string, string> {
  const reader = new ByteReader(bytes)
  const entries = new Map<string, string>()
  const count = Math.min(reader.u16Le(18), 64)
  const textAt = (at: number, byteLength: number): string =>
    new TextDecoder('utf-16le').decode(reader.slice(at, byteLength))
  for (let index = 0; index < count; index++) {
    const at = 20 + index * 12
    const key = textAt(reader.u32Le(at), reader.u16Le(at + 8))
    entries.set(key, textAt(reader.u32Le(at + 4), reader.u16Le(at + 10)))
  }
  return entries
}

/** 2.5: where a block's entry stands: behind each `ratio` of them is one of a block of the bitmap. */
export function entryOf(block: number, ratio: number): number {
  return block + Math.floor(block / ratio)
}
