import { ByteReader } from './byte-reader'
import { SourceError } from './byte-source'

/** An extended attribute, xattr(7), as Linux takes it. */
export interface ExtendedAttribute {
  /** Whole: `user.note`, `security.capability`; its bytes as Latin-1, as Linux gives it none of its own meaning. */
  name: string
  value: Uint8Array
}

/** What names begin with that are recorded without their beginning (`EXT4_XATTR_INDEX_…`, `EROFS_XATTR_INDEX_…`). */
const PREFIXES: Readonly<Record<number, string>> = {
  0: '',
  1: 'user.',
  2: 'system.posix_acl_access',
  3: 'system.posix_acl_default',
  4: 'trusted.',
  5: 'lustre.',
  6: 'security.',
  7: 'system.',
  8: 'system.richacl',
  10: 'gnu.',
}
/** XATTR_SIZE_MAX of Linux, in bytes. */
export const ATTRIBUTE_LENGTH_LIMIT = 65_536
/** No file system keeps more of one file. */
export const ATTRIBUTE_COUNT_LIMIT = 4096

/** The beginning of a name. @throws {SourceError} `CONTENT_DAMAGED` for one that there is not */
export function attributePrefix(index: number): string {
  return PREFIXES[index] ?? attributesDamaged('have a name that begins in no known way')
}

/** @throws {SourceError} `CONTENT_DAMAGED` */
export function attributesDamaged(what: string): never {
  throw new SourceError('CONTENT_DAMAGED', `Its extended attributes ${what}.`)
}

/** Versions of an access control list: on disk, where what has no number takes less room, and as Linux takes it. */
const LIST_ON_DISK = 1
const LIST_TAKEN = 2
const NO_NUMBER = 0xffffffff
/** `ACL_USER` and `ACL_GROUP` have a number. */
const NUMBERED: readonly number[] = [0x02, 0x08]

/** Of a POSIX access control list, acl(5). */
export interface AccessListEntry {
  /** `ACL_USER_OBJ` and so on. */
  tag: number
  /** As one digit of a mode. */
  rights: number
  /** Of the user or the group; null for the tags that have none. */
  id: number | null
}

/** An access control list as lsetxattr takes it (`posix_acl_xattr_header`). */
export function accessList(entries: readonly AccessListEntry[]): Uint8Array {
  const list = Buffer.alloc(4 + entries.length * 8)
  list.writeUInt32LE(LIST_TAKEN, 0)
  for (const [index, { tag, rights, id }] of entries.entries()) {
    list.writeUInt16LE(tag, 4 + index * 8)
    list.writeUInt16LE(rights, 6 + index * 8)
    list.writeUInt32LE((id ?? NO_NUMBER) >>> 0, 8 + index * 8)
  }
  return list
}

/**
 * As {@link accessList}, of one as ext keeps it (`ext4_acl_header`).
 * @throws {SourceError} `CONTENT_DAMAGED`
 */
export function accessListOf(recorded: Uint8Array): Uint8Array {
  const reader = new ByteReader(recorded)
  if (reader.u32Le(0) !== LIST_ON_DISK) attributesDamaged('have an access control list of no known kind')
  const entries: AccessListEntry[] = []
  for (let at = 4; at < recorded.byteLength;) {
    const tag = reader.u16Le(at)
    const isNumbered = NUMBERED.includes(tag)
    if (!reader.has(at, isNumbered ? 8 : 4)) attributesDamaged('have an access control list that is cut short')
    entries.push({ tag, rights: reader.u16Le(at + 2), id: isNumbered ? reader.u32Le(at + 4) : null })
    at += isNumbered ? 8 : 4
  }
  return accessList(entries)
}
