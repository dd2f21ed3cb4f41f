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
    const sums = await bootInfoSums(content, head, byteLength, table.discPositionOf(index))
    return sums !== null && sums.actual === sums.recorded ? 'boot-info-table' : null
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

/** The sum of a file's words that its boot information table records, and the one that it has. */
export interface BootInfoSums {
  recorded: number
  actual: number
}

/**
 * A boot information table says where the descriptors lie, its own sector, its length, the sum of the 32-bit words behind
 * the table modulo 2³², and forty bytes of nothing. Null where the entry has none that speaks of it.
 * @throws {SourceError} where its bytes cannot be read
 */
export async function readBootInfoSums(table: EntryTable, index: number): Promise<BootInfoSums | null> {
  const byteLength = table.byteLengthOf(index)
  const content = table.kindOf(index) === 'file' && byteLength >= TABLE_END ? table.content(index) : null
  if (content === null) return null
  try {
    return await bootInfoSums(content, await content.read(0, TABLE_END), byteLength, table.discPositionOf(index))
  } finally {
    await content.close()
  }
}

async function bootInfoSums(
  content: ByteSource,
  head: Uint8Array,
  byteLength: number,
  discPosition: number,
): Promise<BootInfoSums | null> {
  if (head.byteLength < TABLE_END || readU32Le(head, TABLE_FROM) < 16) return null
  if (readU32Le(head, 12) * SECTOR !== discPosition || readU32Le(head, 16) !== byteLength) return null
  if (head.subarray(24, TABLE_END).some((byte) => byte !== 0)) return null
  let sum = 0
  for (let at = TABLE_END; at < byteLength;) {
    const bytes = await content.read(at, Math.min(CHUNK, byteLength - at))
    if (bytes.byteLength === 0) return null
    const words = Buffer.alloc(Math.ceil(bytes.byteLength / 4) * 4)
    words.set(bytes)
    for (let word = 0; word < words.byteLength; word += 4) sum = (sum + words.readUInt32LE(word)) >>> 0
    at += bytes.byteLength
  }
  return { recorded: readU32Le(head, 20), actual: sum }
}
