import { isAllZero, matchesAscii, readU16Le } from './core/byte-reader'
import type { ByteSource } from './core/byte-source'

const MAGICS: readonly [number, string, string][] = [
  [0, 'PK\x03\x04', 'a ZIP archive'],
  [0, 'PK\x05\x06', 'an empty ZIP archive'],
  [0, '7z\xbc\xaf\x27\x1c', 'a 7z archive'],
  [0, 'Rar!\x1a\x07', 'a RAR archive'],
  [257, 'ustar', 'a TAR archive'],
  [0, 'MSCF', 'a cabinet file'],
  [0, '%PDF-', 'a PDF document'],
  [0, '\x7fELF', 'a program for Linux'],
  [0, 'MZ', 'a program for Windows'],
  [0, '\x89PNG', 'a PNG picture'],
  [0, 'GIF8', 'a GIF picture'],
  [0, '\xff\xd8\xff', 'a JPEG picture'],
  [0, 'IsoDraw', 'a drawing made with Arbortext IsoDraw, which shares the extension .iso'],
  [0, 'OTTO', 'a font'],
  [3, 'NTFS    ', 'an NTFS volume'],
  [3, 'EXFAT   ', 'an exFAT volume'],
  [1080, '\x53\xef', 'a Linux ext2/3/4 volume'],
  [0, 'XFSB', 'an XFS volume'],
  [65600, '_BHRfS_M', 'a Btrfs volume'],
  [0, 'LUKS\xba\xbe', 'an encrypted LUKS volume'],
  [0, '-----BEGIN PGP', 'a PGP message'],
]

/** Nearly every signature lies within. In bytes. */
const START_LENGTH = 66 * 1024

/** What has a signature that is known, with its article; null for anything else. */
export async function knownByMagic(source: ByteSource): Promise<string | null> {
  return magicIn(await source.read(0, START_LENGTH))
}

function magicIn(bytes: Uint8Array): string | null {
  for (const [at, magic, what] of MAGICS) if (matchesAscii(bytes, at, magic)) return what
  return null
}

/** What a file that is no disc image looks like instead: the rest of a sentence. */
export async function looksLike(source: ByteSource): Promise<string> {
  const bytes = await source.read(0, START_LENGTH)
  if (bytes.byteLength === 0) return 'is empty'
  const known = magicIn(bytes)
  if (known !== null) return `looks like ${known}`
  if (isAllZero(bytes)) return 'begins with nothing but zeros, as an unfinished download does'
  const text = textOf(bytes)
  if (text !== null) {
    if (/<!doctype html|<html|<head/i.test(text)) return 'is an HTML page, probably an error message saved by a browser'
    if (/IsoDraw|Arbortext/i.test(text))
      return 'looks like a drawing made with Arbortext IsoDraw, which shares the extension .iso'
    if (/^\s*<\?xml/i.test(text)) return 'is an XML document'
    if (text.startsWith('version https://git-lfs')) return 'is a Git LFS pointer: the image itself was not downloaded'
    if (/^\s*[{[]/.test(text)) return 'is a text file (JSON)'
    return 'is a text file'
  }
  if (readU16Le(bytes, 510) === 0xaa55) return 'begins with a boot sector, but holds no file system that is known here'
  if (isNoise(bytes)) return 'looks like encrypted or compressed data'
  return 'holds no file system that is known here'
}

/** Null where the bytes are not text. */
function textOf(bytes: Uint8Array): string | null {
  const start = bytes.subarray(0, 4096)
  let controls = 0
  for (const byte of start) {
    if (byte === 0) return null
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12) controls++
  }
  return controls * 50 > start.byteLength ? null : new TextDecoder().decode(start)
}

/** All byte values about equally often: what ciphers and good compressors produce. */
function isNoise(bytes: Uint8Array): boolean {
  if (bytes.byteLength < 4096) return false
  const counts = new Uint32Array(256)
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1
  const mean = bytes.byteLength / 256
  let chiSquare = 0
  for (const count of counts) chiSquare += (count - mean) ** 2 / mean
  return chiSquare < 400
}
