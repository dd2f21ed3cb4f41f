import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'

export const CHD_MAGIC = 'MComprHD'
export const HEADER_LENGTH = 124
const NO_SUM = '0'.repeat(40)
/** chdman makes hunks of a megabyte at most. */
const HUNK_LIMIT = 16 << 20
/** Of the map, which is in memory: a disc of 100 GB in hunks of 19 584 bytes has five millions. */
const HUNKS_LIMIT = 1 << 23

/** MAME, `chd.h`: “V5 header”; big-endian. */
export interface ChdHeader {
  /** Four letters each; empty where there is none. */
  codecs: string[]
  /** In bytes, of the disc. */
  byteLength: number
  mapOffset: number
  /** 0: none. */
  metadataOffset: number
  hunkLength: number
  unitLength: number
  /** Of the content; hexadecimal. */
  contentSum: string
  /** Of the content and its metadata: others that are based on this one know it by that. */
  identity: string
  /** Null of one that is based on no other. */
  baseIdentity: string | null
}

/** The version; null where it is no CHD. */
export function versionOf(bytes: Uint8Array): number | null {
  const reader = new ByteReader(bytes)
  return reader.matches(0, CHD_MAGIC) ? reader.u32Be(12) : null
}

/** Null where it is not of version 5, or cannot be. */
export function readChdHeader(bytes: Uint8Array, fileLength: number): ChdHeader | null {
  const reader = new ByteReader(bytes)
  if (!reader.has(0, HEADER_LENGTH) || versionOf(bytes) !== 5) return null
  const sumAt = (at: number): string => Buffer.from(reader.slice(at, 20)).toString('hex')
  const header: ChdHeader = {
    codecs: [0, 1, 2, 3].map((index) => reader.latin1(16 + index * 4, 4).replaceAll('\0', '')),
    byteLength: reader.u64Be(32),
    mapOffset: reader.u64Be(40),
    metadataOffset: reader.u64Be(48),
    hunkLength: reader.u32Be(56),
    unitLength: reader.u32Be(60),
    contentSum: sumAt(64),
    identity: sumAt(84),
    baseIdentity: sumAt(104) === NO_SUM ? null : sumAt(104),
  }
  const { byteLength, hunkLength, unitLength, mapOffset } = header
  const isPossible =
    hunkLength > 0 &&
    hunkLength <= HUNK_LIMIT &&
    unitLength > 0 &&
    hunkLength % unitLength === 0 &&
    byteLength > 0 &&
    byteLength / hunkLength <= HUNKS_LIMIT &&
    mapOffset >= HEADER_LENGTH &&
    mapOffset < fileLength
  return isPossible ? header : null
}

export interface Metadata {
  tag: string
  /** It is part of the sum of all. */
  isSummed: boolean
  bytes: Uint8Array
}

const METADATA_HEADER_LENGTH = 16
const METADATA_LIMIT = 1024
const METADATA_BYTES_LIMIT = 1 << 20

/** Entries that name the place of the next one. `isWhole` is false where they go round, or lead out of the file. */
export async function readMetadata(
  source: ByteSource,
  start: number,
): Promise<{ entries: Metadata[]; isWhole: boolean }> {
  const entries: Metadata[] = []
  const seen = new Set<number>()
  let total = 0
  let at = start
  while (at > 0 && at < source.byteLength && !seen.has(at) && entries.length < METADATA_LIMIT) {
    seen.add(at)
    const reader = new ByteReader(await source.read(at, METADATA_HEADER_LENGTH))
    const length = reader.u32Be(4) & 0xffffff
    total += length
    if (!reader.has(0, METADATA_HEADER_LENGTH) || total > METADATA_BYTES_LIMIT) break
    const bytes = await source.read(at + METADATA_HEADER_LENGTH, length)
    entries.push({ tag: reader.latin1(0, 4), isSummed: (reader.u8(4) & 1) !== 0, bytes })
    at = reader.u64Be(8)
    if (at === 0) return { entries, isWhole: true }
  }
  return { entries, isWhole: at === 0 }
}
