import { ByteReader } from '../../core/byte-reader'
import { attributePrefix, attributesDamaged, type ExtendedAttribute } from '../../core/extended-attributes'

/** `struct erofs_xattr_ibody_header`, then the numbers of those that are shared. */
const HEADER_LENGTH = 12
/** `struct erofs_xattr_entry`, then name and value. */
const ENTRY_LENGTH = 4
/** `EROFS_XATTR_LONG_PREFIX`. */
const LONG_PREFIX = 0x80
/** Of an entry at most: a name of 255 bytes, a value of 65 535. */
const ENTRY_LIMIT = ENTRY_LENGTH + 255 + 65_535

/** A beginning of names that many share: another's, and how it goes on. */
export interface LongPrefix {
  index: number
  infix: string
}

export interface AttributePlaces {
  /** Where those of the inode begin, and how long they are, in bytes of the volume. */
  byteOffset: number
  byteLength: number
  /** Where number 0 of those that are shared lies. */
  shared: number
  prefixes: readonly LongPrefix[]
  read: (byteOffset: number, byteLength: number) => Promise<Uint8Array>
}

/** @throws {SourceError} `CONTENT_DAMAGED` */
export async function readAttributes(places: AttributePlaces): Promise<ExtendedAttribute[]> {
  const bytes = new ByteReader(await places.read(places.byteOffset, places.byteLength))
  if (bytes.byteLength < places.byteLength) attributesDamaged('lie behind the end of the image')
  const sharedCount = bytes.u8(4)
  const attributes: ExtendedAttribute[] = []
  const add = (from: ByteReader, at: number): number => {
    const [attribute, end] = entryAt(from, at, places.prefixes)
    attributes.push(attribute)
    return end
  }
  if (!bytes.has(HEADER_LENGTH, sharedCount * 4)) attributesDamaged('name more than there is room for')
  for (let index = 0; index < sharedCount; index++) {
    const at = places.shared + bytes.u32Le(HEADER_LENGTH + index * 4) * 4
    add(new ByteReader(await places.read(at, ENTRY_LIMIT)), 0)
  }
  for (let at = HEADER_LENGTH + sharedCount * 4; bytes.has(at, ENTRY_LENGTH) && bytes.u32Le(at) !== 0;)
    at = add(bytes, at)
  return attributes
}

/** An attribute, and where the next one is. */
function entryAt(bytes: ByteReader, at: number, prefixes: readonly LongPrefix[]): [ExtendedAttribute, number] {
  const nameLength = bytes.u8(at)
  const index = bytes.u8(at + 1)
  const byteLength = bytes.u16Le(at + 2)
  const valueAt = at + ENTRY_LENGTH + nameLength
  if (!bytes.has(at, ENTRY_LENGTH + nameLength + byteLength)) attributesDamaged('are cut short')
  const isLong = (index & LONG_PREFIX) !== 0
  const long = isLong ? prefixes[index & ~LONG_PREFIX] : undefined
  if (isLong && long === undefined) attributesDamaged('have a name that begins in no known way')
  const prefix = attributePrefix(long?.index ?? index)
  const name = `${long?.infix ?? ''}${bytes.latin1(at + ENTRY_LENGTH, nameLength)}`
  const end = at + ENTRY_LENGTH + Math.ceil((nameLength + byteLength) / 4) * 4
  return [{ name: `${prefix}${name}`, value: bytes.slice(valueAt, byteLength) }, end]
}

/** @param bytes from the first on; each has its length in front, and begins at a multiple of four */
export function readLongPrefixes(bytes: ByteReader, count: number): LongPrefix[] {
  const prefixes: LongPrefix[] = []
  for (let at = 0; prefixes.length < count && bytes.has(at, 3);) {
    const byteLength = bytes.u16Le(at)
    if (byteLength < 1 || !bytes.has(at + 2, byteLength)) break
    prefixes.push({ index: bytes.u8(at + 2), infix: bytes.latin1(at + 3, byteLength - 1) })
    at += Math.ceil((2 + byteLength) / 4) * 4
  }
  return prefixes
}
