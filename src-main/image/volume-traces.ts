import { matchesAscii, readU32Le } from './core/byte-reader'
import type { ByteSource } from './core/byte-source'

const SECTOR = 512
/** Where file systems leave what they are known by, in bytes; the copies in large ones are looked for elsewhere. */
const LOOKED_AT = 4 << 20
/** Of a sector with the first entries of a table of FAT12, FAT16 or FAT32: medium, and ones up to their width. */
const FAT_STARTS = ['\xf8\xff\xff', '\xf0\xff\xff']
/** What each ext2/3/4 volume has in its root: an entry of ten letters, for a folder. */
const LOST_FOUND = Buffer.from('\x0a\x02lost+found', 'latin1')
const RAID_MAGIC = 0xa92b4efc

/**
 * Whether there is something that only a file system leaves, though none can be found: the beginning of a boot sector,
 * a table of FAT, a record of NTFS, the folder that ext makes.
 */
export async function hasTraces(volume: ByteSource): Promise<boolean> {
  const bytes = await volume.read(0, Math.min(LOOKED_AT, volume.byteLength))
  if (bytes[510] === 0x55 && bytes[511] === 0xaa && (bytes[0] === 0xeb || bytes[0] === 0xe9)) return true
  if (matchesAscii(bytes, SECTOR, 'RRaA') && matchesAscii(bytes, SECTOR + 484, 'rrAa')) return true
  for (let at = 0; at < bytes.byteLength; at += SECTOR) {
    if (matchesAscii(bytes, at, 'FILE0\0')) return true
    if (at < 64 * SECTOR && FAT_STARTS.some((start) => matchesAscii(bytes, at, start))) return true
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(LOST_FOUND)
}

/** Whether mdadm's superblock lies at the end of a volume, as its versions 1.0 and 0.90 have it. */
export async function isPartOfRaid(volume: ByteSource): Promise<boolean> {
  const { byteLength } = volume
  const places = [
    Math.floor((Math.floor(byteLength / SECTOR) - 16) / 8) * 8 * SECTOR,
    byteLength - (byteLength % 65536) - 65536,
  ]
  for (const place of places) if (place > 0 && readU32Le(await volume.read(place, 4), 0) === RAID_MAGIC) return true
  return false
}
