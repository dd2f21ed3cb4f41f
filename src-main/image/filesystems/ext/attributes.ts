import type { ByteReader } from '../../core/byte-reader'
import {
  accessListOf,
  ATTRIBUTE_LENGTH_LIMIT,
  attributePrefix,
  attributesDamaged,
  type ExtendedAttribute,
} from '../../core/extended-attributes'

/** `EXT4_XATTR_MAGIC`, in front of the attributes of an inode and of a block of them. */
export const ATTRIBUTES_MAGIC = 0xea020000
const BLOCK_HEADER_LENGTH = 32
const ENTRY_LENGTH = 16
/** `EXT4_XATTR_INDEX_SYSTEM`: `system.data` is the beginning of the content, and no attribute to anybody. */
const SYSTEM_INDEX = 7
/** `EXT4_XATTR_INDEX_ENCRYPTION`: how the file is encrypted, which is nothing without its volume. */
const ENCRYPTION_INDEX = 9
const ACCESS_LISTS: readonly number[] = [2, 3]

/** `ext4_xattr_entry`: where an attribute is, in bytes of what it was read from. */
export interface AttributeEntry {
  index: number
  name: string
  valueAt: number
  byteLength: number
  /** The inode whose content is the value; 0 where it lies here. */
  valueInode: number
}

/**
 * The entries from `first` on, up to four bytes of zeros.
 * @param valuesAt what the places of values count from
 */
export function* attributeEntries(bytes: ByteReader, first: number, valuesAt: number): Generator<AttributeEntry> {
  for (let at = first; bytes.has(at, ENTRY_LENGTH) && bytes.u32Le(at) !== 0;) {
    const nameLength = bytes.u8(at)
    yield {
      index: bytes.u8(at + 1),
      name: bytes.latin1(at + ENTRY_LENGTH, nameLength),
      valueAt: valuesAt + bytes.u16Le(at + 2),
      byteLength: bytes.u32Le(at + 8),
      valueInode: bytes.u32Le(at + 4),
    }
    at += ENTRY_LENGTH + Math.ceil(nameLength / 4) * 4
  }
}

/**
 * Of an inode, or of its block of attributes.
 * @param readInode the content of the inode that a value is kept in
 * @throws {SourceError} `CONTENT_DAMAGED`
 */
export async function readAttributes(
  bytes: ByteReader,
  first: number,
  valuesAt: number,
  readInode: (number: number, byteLength: number) => Promise<Uint8Array>,
): Promise<ExtendedAttribute[]> {
  const attributes: ExtendedAttribute[] = []
  for (const { index, name, valueAt, byteLength, valueInode } of attributeEntries(bytes, first, valuesAt)) {
    if (index === ENCRYPTION_INDEX || (index === SYSTEM_INDEX && name === 'data')) continue
    const prefix = attributePrefix(index)
    if (byteLength > ATTRIBUTE_LENGTH_LIMIT) attributesDamaged('are longer than any can be')
    if (valueInode === 0 && !bytes.has(valueAt, byteLength)) attributesDamaged('lie outside of their place')
    const value = valueInode === 0 ? bytes.slice(valueAt, byteLength) : await readInode(valueInode, byteLength)
    if (value.byteLength < byteLength) attributesDamaged('are cut short')
    attributes.push({ name: `${prefix}${name}`, value: ACCESS_LISTS.includes(index) ? accessListOf(value) : value })
  }
  return attributes
}

/** Where the entries of a block of attributes begin; 0 where it is none. */
export function firstOfBlock(bytes: ByteReader): number {
  return bytes.u32Le(0) === ATTRIBUTES_MAGIC ? BLOCK_HEADER_LENGTH : 0
}
