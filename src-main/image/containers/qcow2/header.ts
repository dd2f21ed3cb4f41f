import { ByteReader } from '../../core/byte-reader'

export const QCOW2_MAGIC = 'QFI\xfb'
/** Of version 3 with every field that is known; extensions follow. */
const HEADER_LENGTH = 112
const NAME_LIMIT = 1023
const EXTENSION_LIMIT = 64

/** Incompatible features (qcow2.txt, “Header”). */
export const Feature = { dirty: 1, corrupt: 2, dataFile: 4, compression: 8, extendedEntries: 16 } as const
export const KNOWN_FEATURES = 31

export interface Qcow2Header {
  version: number
  clusterBits: number
  /** In bytes, of the disk. */
  byteLength: number
  /** 0: none. */
  encryption: number
  tableCount: number
  tableOffset: number
  /** Two words of 32 bits; the lower one has all that are known. */
  features: readonly [low: number, high: number]
  packing: number
  /** Of how often each cluster is in use; lengths in clusters, and a count as a power of two of bits. */
  countTableOffset: number
  countTableClusters: number
  countOrder: number
  snapshotCount: number
  snapshotOffset: number
  /** Bitmaps of what was written lie in the file too. */
  hasBitmaps: boolean
  /** Null without one. */
  baseName: string | null
  /** As the writer has said it: `raw`, `qcow2` …; empty where it has not. */
  baseFormat: string
  /** Of the file that holds the clusters; null where this one does. */
  dataName: string | null
}

/** The header and its extensions; big-endian. Null where it is none of version 2 or 3. @param bytes the first cluster */
export function readQcow2Header(bytes: Uint8Array): Qcow2Header | null {
  const reader = new ByteReader(bytes)
  const version = reader.u32Be(4)
  if (!reader.matches(0, QCOW2_MAGIC) || (version !== 2 && version !== 3)) return null
  const isThree = version === 3
  const headerLength = isThree ? reader.u32Be(100) : 72
  const baseOffset = reader.u64Be(8)
  const baseLength = Math.min(reader.u32Be(16), NAME_LIMIT)
  const extensions = readExtensions(reader, headerLength, baseOffset > 0 ? baseOffset : bytes.byteLength)
  return {
    version,
    clusterBits: reader.u32Be(20),
    byteLength: reader.u64Be(24),
    encryption: reader.u32Be(32),
    tableCount: reader.u32Be(36),
    tableOffset: reader.u64Be(40),
    features: isThree ? [reader.u32Be(76), reader.u32Be(72)] : [0, 0],
    countTableOffset: reader.u64Be(48),
    countTableClusters: reader.u32Be(56),
    countOrder: isThree ? reader.u32Be(96) : 4,
    snapshotCount: reader.u32Be(60),
    snapshotOffset: reader.u64Be(64),
    hasBitmaps: extensions.has(0x23852875),
    packing: isThree && headerLength >= HEADER_LENGTH - 7 ? reader.u8(104) : 0,
    baseName: baseOffset > 0 && baseLength > 0 ? textOf(reader.slice(baseOffset, baseLength)) : null,
    baseFormat: extensions.get(0xe2792aca) ?? '',
    dataName: extensions.get(0x44415441) ?? null,
  }
}

/** By type; each as text, which is what those that are asked for hold. */
function readExtensions(reader: ByteReader, start: number, end: number): Map<number, string> {
  const found = new Map<number, string>()
  for (let at = start, count = 0; at + 8 <= end && count < EXTENSION_LIMIT; count++) {
    const type = reader.u32Be(at)
    const length = reader.u32Be(at + 4)
    if (type === 0 || length > NAME_LIMIT * 4 || !reader.has(at + 8, length)) break
    found.set(type, textOf(reader.slice(at + 8, Math.min(length, NAME_LIMIT))))
    at += 8 + Math.ceil(length / 8) * 8
  }
  return found
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replace(/\0.*$/s, '')
}
