import { ByteReader } from '../../core/byte-reader'

/** Every so many bytes of a record end in a number that is kept in its update sequence. */
const STRIDE = 512
export const AttributeType = {
  standard: 0x10,
  list: 0x20,
  fileName: 0x30,
  volumeName: 0x60,
  data: 0x80,
  indexRoot: 0x90,
  indexAllocation: 0xa0,
  bitmap: 0xb0,
  reparsePoint: 0xc0,
} as const
const END = 0xffffffff
const RecordFlag = { inUse: 1, directory: 2 } as const
/** Attributes of a record are told no more than this. */
const ATTRIBUTE_LIMIT = 4096

/** A record of the master file table. */
export interface FileRecord {
  isInUse: boolean
  isDirectory: boolean
  sequence: number
  /** The record that this one goes on, 0 for one of its own. */
  base: number
  attributes: Attribute[]
}

export interface Attribute {
  /** Number of the record that it stands in, which may be another than the file's own. */
  record: number
  type: number
  name: string
  /** Compressed, encrypted, sparse. */
  flags: number
  id: number
  /** The value where it lies in the record; null where it lies in runs. */
  resident: Uint8Array | null
  /** Where the resident value begins, in bytes of its record. */
  valueAt: number
  runs: AttributeRuns | null
}

/** One piece of what lies outside the record. */
export interface AttributeRuns {
  /** In clusters of the attribute. */
  first: number
  mapping: Uint8Array
  /** Compressed units are 2^n clusters; 0 for none. */
  unitLog: number
  /** In bytes; of the first piece only. */
  byteLength: number
  initializedLength: number
}

export const AttributeFlag = { compressed: 0xff, encrypted: 0x4000 } as const

/**
 * Puts the ends of sectors back in place, in the bytes themselves. False where a sector is not of the same writing as its
 * record, or there is no such record.
 */
export function undoFixups(bytes: Uint8Array, magic: string): boolean {
  const reader = new ByteReader(bytes)
  if (!reader.matches(0, magic)) return false
  const at = reader.u16Le(4)
  const count = reader.u16Le(6)
  if (count < 2 || !reader.has(at, count * 2) || (count - 1) * STRIDE > bytes.byteLength) return false
  const number = reader.u16Le(at)
  for (let sector = 1; sector < count; sector++) {
    const end = sector * STRIDE - 2
    if (reader.u16Le(end) !== number) return false
    bytes[end] = reader.u8(at + sector * 2)
    bytes[end + 1] = reader.u8(at + sector * 2 + 1)
  }
  return true
}

/** @param bytes of a record whose ends of sectors are in place */
export function readFileRecord(bytes: Uint8Array, number: number): FileRecord {
  const reader = new ByteReader(bytes)
  const flags = reader.u16Le(22)
  const record: FileRecord = {
    isInUse: (flags & RecordFlag.inUse) !== 0,
    isDirectory: (flags & RecordFlag.directory) !== 0,
    sequence: reader.u16Le(16),
    base: readReference(reader, 32).number,
    attributes: [],
  }
  const end = Math.min(reader.u32Le(24), bytes.byteLength)
  for (let at = reader.u16Le(20); at + 16 <= end && record.attributes.length < ATTRIBUTE_LIMIT;) {
    const type = reader.u32Le(at)
    const length = reader.u32Le(at + 4)
    if (type === END || length < 24 || length % 8 !== 0 || at + length > end) break
    const attribute = readAttribute(reader.sub(at, length), at, number)
    if (attribute !== null) record.attributes.push(attribute)
    at += length
  }
  return record
}

function readAttribute(reader: ByteReader, at: number, record: number): Attribute | null {
  const nameAt = reader.u16Le(10)
  const nameLength = reader.u8(9) * 2
  if (!reader.has(nameAt, nameLength)) return null
  const common = {
    record,
    type: reader.u32Le(0),
    name: Buffer.from(reader.slice(nameAt, nameLength)).toString('utf16le'),
    flags: reader.u16Le(12),
    id: reader.u16Le(14),
  }
  if (reader.u8(8) === 0) {
    const valueLength = reader.u32Le(16)
    const valueAt = reader.u16Le(20)
    if (!reader.has(valueAt, valueLength)) return null
    return { ...common, resident: reader.slice(valueAt, valueLength), valueAt: at + valueAt, runs: null }
  }
  const mappingAt = reader.u16Le(32)
  if (reader.byteLength < 64 || mappingAt < 64 || mappingAt > reader.byteLength) return null
  return {
    ...common,
    resident: null,
    valueAt: 0,
    runs: {
      first: reader.u64Le(16),
      mapping: reader.slice(mappingAt, reader.byteLength),
      unitLog: reader.u16Le(34) & 0xff,
      byteLength: reader.u64Le(48),
      initializedLength: reader.u64Le(56),
    },
  }
}

/** A file reference: number of a record, and how often it had been used before. */
export function readReference(reader: ByteReader, at: number): { number: number; sequence: number } {
  return { number: reader.u32Le(at) + reader.u16Le(at + 4) * 2 ** 32, sequence: reader.u16Le(at + 6) }
}

/** 100 ns steps since 1601 as milliseconds since 1970 UTC. */
export function readFileTime(reader: ByteReader, at: number): number {
  const steps = (BigInt(reader.u32Le(at + 4)) << 32n) | BigInt(reader.u32Le(at))
  return steps === 0n ? NaN : Number((steps - 116_444_736_000_000_000n) / 10_000n)
}
