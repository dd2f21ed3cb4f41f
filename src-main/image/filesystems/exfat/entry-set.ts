import type { ByteReader } from '../../core/byte-reader'
import { utcMilliseconds } from '../../core/date-time'

export const ENTRY_LENGTH = 32
/** exFAT specification 6.2.1 and 7: types of directory entries that are in use. */
export const EntryType = {
  end: 0,
  bitmap: 0x81,
  upcase: 0x82,
  label: 0x83,
  file: 0x85,
  stream: 0xc0,
  name: 0xc1,
} as const
const IN_USE = 0x80
const SECONDARY = 0x40
const BENIGN = 0x20
/** Characters of a name in each of its entries. */
const NAME_PART = 15
const SET_LIMIT = 19
const Attribute = { hidden: 2, directory: 0x10 } as const
const StreamFlag = { isContiguous: 2 } as const

/** A file or directory: the entries that describe it together (exFAT specification 6.3 and 7.4 to 7.7). */
export interface EntrySet {
  name: string
  isDirectory: boolean
  isHidden: boolean
  /** Milliseconds since 1970 UTC; NaN where unset. */
  modified: number
  isContiguous: boolean
  firstCluster: number
  byteLength: number
  /** Up to where content was written; what follows is zeros. In bytes. */
  validLength: number
  /** Whether its sum fits. */
  isIntact: boolean
  /** How many entries it takes. */
  entryCount: number
}

export function isInUse(type: number): boolean {
  return (type & IN_USE) !== 0
}

/** What an entry that begins no file is to a reader that does not know it (exFAT specification 6.2.1). */
export function kindOfOther(type: number): 'unused' | 'known' | 'benign' | 'secondary' | 'unknown' {
  if (!isInUse(type)) return 'unused'
  if ((type & SECONDARY) !== 0) return 'secondary'
  if ((type & BENIGN) !== 0) return 'benign'
  return type === EntryType.bitmap || type === EntryType.upcase || type === EntryType.label ? 'known' : 'unknown'
}

/** Null where the entries at `at` are no set. */
export function readEntrySet(entries: ByteReader, at: number): EntrySet | null {
  const count = entries.u8(at + 1) + 1
  const stream = at + ENTRY_LENGTH
  if (count < 3 || count > SET_LIMIT || !entries.has(at, count * ENTRY_LENGTH)) return null
  if (entries.u8(stream) !== EntryType.stream) return null
  const nameLength = entries.u8(stream + 3)
  const nameEntries = Math.ceil(nameLength / NAME_PART)
  if (nameLength === 0 || nameEntries > count - 2) return null
  let name = ''
  for (let index = 0; index < count - 2; index++) {
    const entry = stream + (index + 1) * ENTRY_LENGTH
    const type = entries.u8(entry)
    // What other systems add to a set is not needed to read it.
    if (index < nameEntries ? type !== EntryType.name : (type & SECONDARY) === 0 || !isInUse(type)) return null
    for (let i = 0; i < NAME_PART && name.length < nameLength && index < nameEntries; i++)
      name += String.fromCharCode(entries.u16Le(entry + 2 + i * 2))
  }
  const attributes = entries.u16Le(at + 4)
  return {
    name: name.toWellFormed(),
    isDirectory: (attributes & Attribute.directory) !== 0,
    isHidden: (attributes & Attribute.hidden) !== 0,
    modified: readTime(entries.u32Le(at + 12), entries.u8(at + 21), entries.u8(at + 23)),
    isContiguous: (entries.u8(stream + 1) & StreamFlag.isContiguous) !== 0,
    firstCluster: entries.u32Le(stream + 20),
    byteLength: entries.u64Le(stream + 24),
    validLength: entries.u64Le(stream + 8),
    isIntact: sumOf(entries.slice(at, count * ENTRY_LENGTH)) === entries.u16Le(at + 2),
    entryCount: count,
  }
}

/** exFAT specification 6.3.3. */
function sumOf(bytes: Uint8Array): number {
  let sum = 0
  for (const [index, byte] of bytes.entries()) {
    if (index === 2 || index === 3) continue
    sum = (((sum & 1) << 15) + (sum >> 1) + byte) & 0xffff
  }
  return sum
}

/** exFAT specification 7.4.8 to 7.4.10: two seconds, hundredths, and quarters of an hour from UTC where they are valid. */
function readTime(stamp: number, hundredths: number, zone: number): number {
  const month = (stamp >>> 21) & 15
  const day = (stamp >>> 16) & 31
  if (month < 1 || month > 12 || day < 1) return NaN
  const seconds = (stamp & 31) * 2
  const time = utcMilliseconds(1980 + (stamp >>> 25), month, day, (stamp >>> 11) & 31, (stamp >>> 5) & 63, seconds)
  const quarters = (zone & 0x80) === 0 ? 0 : ((zone & 0x7f) << 25) >> 25
  return time + (hundredths < 200 ? hundredths * 10 : 0) - quarters * 900_000
}
