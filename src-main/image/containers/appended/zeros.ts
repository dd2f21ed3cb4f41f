import type { ByteSource } from '../../core/byte-source'

/** Most zeros that are looked through for what follows them, in bytes. */
const ZEROS_LIMIT = 4 << 20
const PIECE_LENGTH = 64 * 1024
/** Of volumes whose superblock lies behind room for a boot sector. */
const BOOT_ROOM = 1024

/** Where a volume behind zeros may begin: at the first byte that is none, or with the room in front of its superblock. */
export async function placesBehindZeros(source: ByteSource): Promise<number[]> {
  for (let at = 0; at < ZEROS_LIMIT; at += PIECE_LENGTH) {
    const bytes = await source.read(at, PIECE_LENGTH)
    if (bytes.byteLength === 0) return []
    const other = bytes.findIndex((byte) => byte !== 0)
    if (other >= 0) return [at + other, at + other - BOOT_ROOM]
  }
  return []
}
