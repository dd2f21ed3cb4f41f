import { ByteReader } from '../../core/byte-reader'
import {
  ATTRIBUTE_COUNT_LIMIT,
  ATTRIBUTE_LENGTH_LIMIT,
  attributesDamaged,
  type ExtendedAttribute,
} from '../../core/extended-attributes'
import type { Metadata } from './metadata'

/** `SQUASHFS_XATTR_…`: what names begin with. */
const PREFIXES: readonly string[] = ['user.', 'trusted.', 'security.']
/** `SQUASHFS_XATTR_VALUE_OOL`: in the value's place is where it lies. */
const VALUE_ELSEWHERE = 0x100
/** `squashfs_xattr_id_table`, then places of the blocks that hold the `squashfs_xattr_id`s. */
const TABLE_HEADER_LENGTH = 16
const ID_LENGTH = 16

/**
 * @param table where the superblock says that the table of attributes lies, in bytes of the volume
 * @param readPlain bytes of the volume
 * @throws {SourceError} `CONTENT_DAMAGED`
 */
export async function readAttributes(
  metadata: Metadata,
  table: number,
  index: number,
  readPlain: (byteOffset: number, byteLength: number) => Promise<Uint8Array>,
): Promise<ExtendedAttribute[]> {
  const header = new ByteReader(await readPlain(table, TABLE_HEADER_LENGTH))
  if (index >= header.u32Le(8)) attributesDamaged('are not in their table')
  const start = header.u64Le(0)
  const id = new ByteReader(await metadata.readIndexed(table + TABLE_HEADER_LENGTH, ID_LENGTH, index))
  const count = id.u32Le(8)
  if (count > ATTRIBUTE_COUNT_LIMIT) attributesDamaged('are more than any file can have')
  const cursor = new Cursor(metadata, start, id.u64Le(0))
  const attributes: ExtendedAttribute[] = []
  for (let left = count; left > 0; left--) {
    const entry = new ByteReader(await cursor.next(4))
    const type = entry.u16Le(0)
    const name = new ByteReader(await cursor.next(entry.u16Le(2)))
    const stored = await cursor.nextValue()
    const prefix = PREFIXES[type & ~VALUE_ELSEWHERE]
    if (prefix === undefined) attributesDamaged('have a name that begins in no known way')
    const isElsewhere = (type & VALUE_ELSEWHERE) !== 0
    const value = isElsewhere ? await new Cursor(metadata, start, new ByteReader(stored).u64Le(0)).nextValue() : stored
    attributes.push({ name: `${prefix}${name.latin1(0, name.byteLength)}`, value })
  }
  return attributes
}

/** Reads on from a place in the attributes, which is given as an inode's is. */
class Cursor {
  private readonly block: number
  private offset: number

  constructor(
    private readonly metadata: Metadata,
    start: number,
    reference: number,
  ) {
    this.block = start + Math.floor(reference / 65_536)
    this.offset = reference % 65_536
  }

  async next(byteLength: number): Promise<Uint8Array> {
    const bytes = await this.metadata.read(this.block, this.offset, byteLength)
    this.offset += byteLength
    return bytes
  }

  /** Its length, and then itself. */
  async nextValue(): Promise<Uint8Array> {
    const byteLength = new ByteReader(await this.next(4)).u32Le(0)
    if (byteLength > ATTRIBUTE_LENGTH_LIMIT) attributesDamaged('are longer than any can be')
    return this.next(byteLength)
  }
}
