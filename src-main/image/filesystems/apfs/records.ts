import type { ByteReader } from '../../core/byte-reader'
import type { Order } from './btree'
import { nanoseconds } from './volume'

/** “File-System Objects”: the upper four bits of a key's first number say what the record is. */
export const RecordType = { inode: 3, attribute: 4, extent: 8, entry: 9 } as const
const FieldType = { content: 8 } as const
const INODE_LENGTH = 92
const KEY_LENGTH = 8
/** “Extended-field flags” are of no concern to reading; fields fill eight bytes. */
const FIELD_UNIT = 8
const IN_STREAM = 1
const LENGTH_BITS = 0x00ffffff

/** The records of one kind of one object. */
export function recordsOf(id: number, type: number): Order {
  return (key) => {
    const own = idIn(key)
    return own === id ? (key.u32Le(4) >>> 28) - type : own - id
  }
}

function idIn(key: ByteReader): number {
  return (key.u32Le(4) & 0x0fffffff) * 2 ** 32 + key.u32Le(0)
}

/** “j_inode_val_t” */
export interface Inode {
  /** Of its content's extents. */
  contentId: number
  modified: number
  linkCount: number
  uid: number
  gid: number
  mode: number
  isHidden: boolean
  isCompressed: boolean
  hasResourceFork: boolean
  /** In bytes. */
  byteLength: number
}

const BSD_HIDDEN = 0x8000
const BSD_COMPRESSED = 0x20
/** “Inode Flags”: `INODE_HAS_RSRC_FORK`. */
const HAS_RESOURCE_FORK = 0x4000

/** Null where the record is too short. */
export function readInode(value: ByteReader): Inode | null {
  if (!value.has(0, INODE_LENGTH)) return null
  const flags = value.u32Le(68)
  return {
    contentId: value.u64Le(8),
    modified: nanoseconds(value, 24),
    linkCount: value.u32Le(56) | 0,
    uid: value.u32Le(72),
    gid: value.u32Le(76),
    mode: value.u16Le(80),
    isHidden: (flags & BSD_HIDDEN) !== 0,
    isCompressed: (flags & BSD_COMPRESSED) !== 0,
    hasResourceFork: (value.u32Le(48) & HAS_RESOURCE_FORK) !== 0,
    byteLength: fieldIn(value, INODE_LENGTH, FieldType.content)?.u64Le(0) ?? 0,
  }
}

/** “Extended Fields”: descriptions of all, and then their values. Null where there is none of the kind. */
function fieldIn(value: ByteReader, start: number, type: number): ByteReader | null {
  const count = value.u16Le(start)
  let at = start + 4 + count * 4
  for (let index = 0; index < count; index++) {
    const description = start + 4 + index * 4
    const length = value.u16Le(description + 2)
    if (!value.has(at, length)) return null
    if (value.u8(description) === type) return value.sub(at, length)
    at += Math.ceil(length / FIELD_UNIT) * FIELD_UNIT
  }
  return null
}

/** “j_drec_key_t”, “j_drec_hashed_key_t” and “j_drec_val_t”: a name, and what it stands for. */
export function readEntry(
  key: ByteReader,
  value: ByteReader,
  hasHash: boolean,
): { name: Uint8Array; id: number } | null {
  const length = hasHash ? key.u32Le(KEY_LENGTH) & 1023 : key.u16Le(KEY_LENGTH)
  const start = KEY_LENGTH + (hasHash ? 4 : 2)
  // The length counts the NUL at the end.
  if (length < 2 || !key.has(start, length) || !value.has(0, 18)) return null
  return { name: key.slice(start, length - 1), id: value.u64Le(0) }
}

/** “j_xattr_key_t” and “j_xattr_val_t”. */
export interface Attribute {
  name: string
  /** Null where it is in extents. */
  bytes: Uint8Array | null
  contentId: number
  byteLength: number
}

export function readAttribute(key: ByteReader, value: ByteReader): Attribute | null {
  const length = key.u16Le(KEY_LENGTH)
  const dataLength = value.u16Le(2)
  if (length < 1 || !key.has(KEY_LENGTH + 2, length) || !value.has(4, dataLength)) return null
  const isInStream = (value.u16Le(0) & IN_STREAM) !== 0
  return {
    name: new TextDecoder().decode(key.slice(KEY_LENGTH + 2, length - 1)),
    bytes: isInStream ? null : value.slice(4, dataLength),
    contentId: isInStream ? value.u64Le(4) : 0,
    byteLength: isInStream ? value.u64Le(12) : dataLength,
  }
}

/** A piece of a file, in bytes but for the block, which is 0 in a hole. */
export interface Extent {
  start: number
  byteLength: number
  block: number
}

/** “j_file_extent_key_t” and “j_file_extent_val_t”; those of sealed volumes are alike. */
export function readExtent(key: ByteReader, value: ByteReader): Extent {
  const high = value.u32Le(4) & LENGTH_BITS
  return {
    start: key.u64Le(KEY_LENGTH),
    byteLength: high >= 0x200000 ? Infinity : high * 2 ** 32 + value.u32Le(0),
    block: value.u64Le(8),
  }
}
