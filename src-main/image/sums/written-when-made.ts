import { readU16Le, readU32Le } from '../core/byte-reader'
import type { ByteSource } from '../core/byte-source'
import type { EntryTable } from '../core/entry-table'

const SECTOR = 2048
/** A boot image's own table: four numbers and forty bytes of nothing, from byte 8 on (mkisofs, `-boot-info-table`). */
const TABLE_FROM = 8
const TABLE_END = 64
const CHUNK = 1 << 20

/** What the program that makes an image writes into its files. */
export type WrittenWhenMade = 'boot-catalog' | 'boot-info-table'

/**
 * Whether an entry's content was written or patched when its image was made, and is whole by its own sum: a boot catalog
 * (El Torito 2.0, section 2) or a boot image with a boot information table. What lists say of such files, they say of
 * what lay there before.
 */
export async function isWrittenWhenMade(table: EntryTable, index: number): Promise<WrittenWhenMade | null> {
  const byteLength = table.byteLengthOf(index)
  if (table.kindOf(index) !== 'file' || byteLength < TABLE_END) return null
  const content = table.content(index)
  if (content === null) return null
  try {
    const head = await content.read(0, TABLE_END)
    if (isBootCatalog(head)) return 'boot-catalog'
    return (await hasBootInfoTable(content, head, byteLength, table.discPositionOf(index))) ? 'boot-info-table' : null
  } catch (error) {
    if ((error as { name?: string }).name !== 'SourceError') throw error
    return null
  } finally {
    await content.close()
  }
}

/** The validation entry: header 1, key bytes 55 AA, and sixteen words that give zero. */
function isBootCatalog(head: Uint8Array): boolean {
  if (head.byteLength < 32 || head[0] !== 1 || head[30] !== 0x55 || head[31] !== 0xaa) return false
  let sum = 0
  for (let at = 0; at < 32; at += 2) sum += readU16Le(head, at)
  return (sum & 0xffff) === 0
}

/** Where the descriptors lie, its own sector, its length, the sum of the words behind the table, and nothing. */
async function hasBootInfoTable(
  content: ByteSource,
  head: Uint8Array,
  byteLength: number,
  discPosition: number,
): Promise<boolean> {
  if (head.byteLength < TABLE_END || readU32Le(head, TABLE_FROM) < 16) return false
  if (readU32Le(head, 12) * SECTOR !== discPosition || readU32Le(head, 16) !== byteLength) return false
  if (head.subarray(24, TABLE_END).some((byte) => byte !== 0)) return false
  let sum = 0
  for (let at = TABLE_END; at < byteLength;) {
    const bytes = await content.read(at, Math.min(CHUNK, byteLength - at))
    if (bytes.byteLength === 0) return false
    const words = Buffer.alloc(Math.ceil(bytes.byteLength / 4) * 4)
    words.set(bytes)
    for (let word = 0; word < words.byteLength; word += 4) sum = (sum + words.readUInt32LE(word)) >>> 0
    at += bytes.byteLength
  }
  return sum === readU32Le(head, 20)
}
