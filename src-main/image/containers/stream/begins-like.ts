import { matchesAscii, readU16Le } from '../../core/byte-reader'
import { MemoryByteSource } from '../../core/byte-source'
import { looksLike } from '../../looks-like'
import { nameUnsupported } from '../../unsupported-formats'
import { NotAnImageError } from '../../core/disc-image'

/** How much of an unpacked stream tells what it is: the anchors of UDF lie within, whatever the block size. In bytes. */
export const BEGINNING_BYTES = 4 << 20

/** Marks of volumes and sectors, wherever they stand: raw sectors and shifted images have them in other places. */
const ANYWHERE = ['CD001', 'CDROM', 'BEA01', 'NSR02', 'NSR03', '\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0']
/** At an offset: partition tables, HFS, containers. */
const AT: readonly [number, string][] = [
  [0, 'ER'],
  [512, 'PM'],
  [512, 'EFI PART'],
  [1024, 'BD'],
  [1024, 'H+'],
  [1024, 'HX'],
  [0, 'CISO'],
  [0, 'ZISO'],
]

/**
 * Looks at the beginning of what a stream unpacks to, before all of it is written anywhere.
 * @param name the compressed file's, for the sentence
 * @param room what of the sentence says how much room there is; may be empty
 * @throws {NotAnImageError} where no image begins like this
 */
export async function assertBeginsLikeImage(bytes: Uint8Array, name: string, room: string): Promise<void> {
  if (beginsLikeImage(bytes)) return
  const source = new MemoryByteSource(bytes)
  const unsupported = await nameUnsupported(source)
  if (unsupported !== null) throw new NotAnImageError('UNSUPPORTED_CONTAINER', `“${name}” ${unsupported}`)
  throw new NotAnImageError(
    'NOT_AN_IMAGE',
    `“${name}” is not a disc image: what it unpacks to ${await looksLike(source)}. It was not unpacked further${room}.`,
  )
}

function beginsLikeImage(bytes: Uint8Array): boolean {
  // FAT and partitioned disks, by the end of their first block.
  if (readU16Le(bytes, 510) === 0xaa55) return true
  if (AT.some(([at, magic]) => matchesAscii(bytes, at, magic))) return true
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (ANYWHERE.some((mark) => buffer.includes(mark, 0, 'latin1'))) return true
  return hasUdfAnchor(bytes)
}

/** ECMA-167 3/10.2: tag 2 at block 256, its own number in it. */
function hasUdfAnchor(bytes: Uint8Array): boolean {
  return [512, 1024, 2048, 4096].some((size) => {
    const at = 256 * size
    return bytes.byteLength >= at + 16 && readU16Le(bytes, at) === 2 && readU16Le(bytes, at + 12) === 256
  })
}
