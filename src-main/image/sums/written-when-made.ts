import { readU16Le, readU32Le } from '../core/byte-reader'
import type { ByteSource } from '../core/byte-source'
import type { EntryTable } from '../core/entry-table'

const SECTOR = 2048
/** A boot image's own table: four numbers and forty bytes of nothing, from byte 8 on (mkisofs, `-boot-info-table`). */
const BOOT_INFO_FROM = 8
export const BOOT_INFO_END = 64
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
  if (table.kindOf(index) !== 'file' || byteLength < BOOT_INFO_END) return null
  const content = table.content(index)
  if (content === null) return null
  try {
    const head = await content.read(0, BOOT_INFO_END)
    if (isBootCatalog(head)) return 'boot-catalog'
    const recorded = recordedWordSum(head, byteLength, table.discPositionOf(index))
    return recorded !== null && recorded === (await wordSumOf(content, byteLength)) ? 'boot-info-table' : null
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

/**
 * What a boot information table says that the words behind it give; null where a file has none that speaks of it: where the
 * descriptors lie, its own sector, its length, that sum, and forty bytes of nothing.
 * @param head the first {@link BOOT_INFO_END} bytes @param discPosition where the file lies, in bytes
 */
export function recordedWordSum(head: Uint8Array, byteLength: number, discPosition: number): number | null {
  if (head.byteLength < BOOT_INFO_END || readU32Le(head, BOOT_INFO_FROM) < 16) return null
  if (readU32Le(head, 12) * SECTOR !== discPosition || readU32Le(head, 16) !== byteLength) return null
  return head.subarray(24, BOOT_INFO_END).some((byte) => byte !== 0) ? null : readU32Le(head, 20)
}

/** The sum of 32-bit words, little-endian, modulo 2³²; bytes may come in pieces of any length, and zeros follow the last. */
export class WordSum {
  value = 0
  private position = 0

  update(bytes: Uint8Array): void {
    for (const byte of bytes) this.value = (this.value + byte * 2 ** (8 * (this.position++ % 4))) >>> 0
  }
}

/** Null where the content ends before its length. */
async function wordSumOf(content: ByteSource, byteLength: number): Promise<number | null> {
  const sum = new WordSum()
  for (let at = BOOT_INFO_END; at < byteLength;) {
    const bytes = await content.read(at, Math.min(CHUNK, byteLength - at))
    if (bytes.byteLength === 0) return null
    sum.update(bytes)
    at += bytes.byteLength
  }
  return sum.value
}
