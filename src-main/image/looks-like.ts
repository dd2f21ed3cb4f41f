import { because, type Details } from '../../src-shared/model'
import { isAllZero, matchesAscii, readU16Le } from './core/byte-reader'
import type { ByteSource } from './core/byte-source'

/** What a file looks like. */
export interface Likeness {
  /** The rest of a sentence that begins with the file's name. */
  rest: string
  why: (name: string) => Details
}

type Magic = readonly [byteOffset: number, magic: string, what: string, why: Likeness['why']]

const archive = (byteOffset: number, magic: string, what: string, format: string): Magic => {
  return [byteOffset, magic, what, (name) => because('isArchive', { name, format })]
}
const volume = (byteOffset: number, magic: string, what: string, format: string): Magic => {
  return [byteOffset, magic, what, (name) => because('isVolume', { name, format })]
}

/** Where, what stands there, what that is with its article, and how the window words it. */
const MAGICS: readonly Magic[] = [
  archive(0, 'PK\x03\x04', 'a ZIP archive', 'ZIP'),
  archive(0, 'PK\x05\x06', 'an empty ZIP archive', 'ZIP'),
  archive(0, '7z\xbc\xaf\x27\x1c', 'a 7z archive', '7z'),
  archive(0, 'Rar!\x1a\x07', 'a RAR archive', 'RAR'),
  archive(257, 'ustar', 'a TAR archive', 'TAR'),
  archive(0, 'MSCF', 'a cabinet file', 'CAB'),
  [0, '%PDF-', 'a PDF document', (name) => because('isDocument', { name, format: 'PDF' })],
  [0, '\x7fELF', 'a program for Linux', (name) => because('isProgram', { name, system: 'Linux' })],
  [0, 'MZ', 'a program for Windows', (name) => because('isProgram', { name, system: 'Windows' })],
  [0, '\x89PNG', 'a PNG picture', (name) => because('isPicture', { name, format: 'PNG' })],
  [0, 'GIF8', 'a GIF picture', (name) => because('isPicture', { name, format: 'GIF' })],
  [0, '\xff\xd8\xff', 'a JPEG picture', (name) => because('isPicture', { name, format: 'JPEG' })],
  [
    0,
    'IsoDraw',
    'a drawing made with Arbortext IsoDraw, which shares the extension .iso',
    (name) => because('isDrawing', { name }),
  ],
  [0, 'OTTO', 'a font', (name) => because('isFont', { name })],
  volume(3, 'NTFS    ', 'an NTFS volume', 'NTFS'),
  volume(3, '-FVE-FS-', 'a volume encrypted with BitLocker', 'BitLocker'),
  volume(3, 'ReFS\0', 'a ReFS volume', 'ReFS'),
  volume(3, 'EXFAT   ', 'an exFAT volume', 'exFAT'),
  volume(1080, '\x53\xef', 'a Linux ext2/3/4 volume', 'ext2/3/4'),
  volume(0, 'XFSB', 'an XFS volume', 'XFS'),
  volume(65600, '_BHRfS_M', 'a Btrfs volume', 'Btrfs'),
  volume(0, 'LUKS\xba\xbe', 'an encrypted LUKS volume', 'LUKS'),
  volume(1024, '\x10\x20\xf5\xf2', 'an F2FS volume', 'F2FS'),
  volume(65588, 'ReIsEr', 'a ReiserFS volume', 'ReiserFS'),
  volume(32768, 'JFS1', 'a JFS volume', 'JFS'),
  volume(0, '-rom1fs-', 'a romfs image', 'romfs'),
  volume(0, 'UBI#', 'a UBI image of flash memory', 'UBI'),
  volume(0, '\x31\x18\x10\x06', 'a UBIFS image of flash memory', 'UBIFS'),
  volume(0, '\x85\x19\x03\x20', 'a JFFS2 image of flash memory', 'JFFS2'),
  volume(0, '\x85\x19\x01\xe0', 'a JFFS2 image of flash memory', 'JFFS2'),
  volume(0, '\x85\x19\x02\xe0', 'a JFFS2 image of flash memory', 'JFFS2'),
  volume(512, 'LABELONE', 'a physical volume of LVM', 'LVM'),
  // At the end of the first page, which is up to 64 KiB long; of a computer that sleeps it is another one.
  ...[12, 13, 14, 15, 16].flatMap((pageBits) =>
    ['SWAPSPACE2', 'SWAP-SPACE', 'S1SUSPEND\0', 'S2SUSPEND\0', 'ULSUSPEND\0', 'LINHIB0001'].map((magic) =>
      volume(2 ** pageBits - 10, magic, 'swap space of Linux', 'swap'),
    ),
  ),
  volume(0, 'verity\0\0', 'sums of a volume (dm-verity)', 'dm-verity'),
  volume(1030, '\x34\x34', 'a NILFS2 volume', 'NILFS2'),
  ...['\x7f\x13', '\x8f\x13', '\x68\x24', '\x78\x24'].map((magic) => volume(1040, magic, 'a Minix volume', 'Minix')),
  volume(1048, '\x5a\x4d', 'a Minix volume', 'Minix'),
  volume(8244, 'ReIsEr', 'a ReiserFS volume', 'ReiserFS'),
  volume(8192, 'OCFSV2', 'an OCFS2 volume', 'OCFS2'),
  volume(65536, '\x01\x16\x19\x70', 'a GFS2 volume', 'GFS2'),
  volume(544, '1SFB', 'a BeFS volume', 'BeFS'),
  volume(4096, '\xfc\x4e\x2b\xa9', 'a part of a RAID of Linux', 'RAID'),
  volume(0, '\xfc\x4e\x2b\xa9', 'a part of a RAID of Linux', 'RAID'),
  volume(4120, '\xc6\x85\x73\xf6\x4e\x1a\x45\xca', 'a bcache or bcachefs volume', 'bcachefs'),
  // `fs_magic` of UFS1 and UFS2, in either byte order, of a superblock at 0, 8, 64 or 256 KiB.
  ...[0, 8192, 65_536, 262_144].flatMap((superblock) =>
    ['\x54\x19\x01\x00', '\x00\x01\x19\x54', '\x19\x01\x54\x19', '\x19\x54\x01\x19'].map((magic) =>
      volume(superblock + 1372, magic, 'a UFS volume of BSD or Solaris (FFS)', 'UFS'),
    ),
  ),
  volume(0, 'ANDROID!', 'a boot image of Android', 'Android'),
  volume(0, '\xd0\x0d\xfe\xed', 'a device tree', 'device tree'),
  volume(0, '\x27\x05\x19\x56', 'a boot image of U-Boot', 'U-Boot'),
  volume(8192, '\xf9\x95\xe8\x49', 'an HPFS volume of OS/2', 'HPFS'),
  volume(0, '\x01ZZZZZ\x01', 'a 3DO disc (Opera)', '3DO (Opera)'),
  ...Array.from({ length: 8 }, (_, kind) =>
    volume(0, `DOS${String.fromCharCode(kind)}`, 'a floppy or a disk of an Amiga', 'Amiga'),
  ),
  volume(0, 'RDSK', 'a disk of an Amiga', 'Amiga'),
  volume(0, 'sprs', 'a sparse disk image of macOS', 'sparseimage'),
  volume(0, 'QED\0', 'a QEMU disk image of the form QED', 'QED'),
  volume(0, 'AFF10\r\n', 'a forensic disk image (AFF)', 'AFF'),
  archive(0, '\x89LZO\0\r\n\x1a\n', 'a file packed with lzop', 'lzop'),
  archive(0, 'LRZI', 'a file packed with lrzip', 'lrzip'),
  archive(0, '\x60\xea', 'an ARJ archive', 'ARJ'),
  [0, '-----BEGIN PGP', 'a PGP message', (name) => because('isDocument', { name, format: 'PGP' })],
]

/** Nearly every signature lies within. In bytes. */
const START_LENGTH = 66 * 1024
/** Where the others lie: the last place of UFS. In bytes. */
const FAR = { byteOffset: 256 * 1024, byteLength: 2048 }

/** What has a signature that is known, with its article; null for anything else. */
export async function knownByMagic(source: ByteSource): Promise<Likeness | null> {
  return magicOf(source, await source.read(0, START_LENGTH))
}

async function magicOf(source: ByteSource, start: Uint8Array): Promise<Likeness | null> {
  const near = magicIn(start, 0)
  if (near !== null || source.byteLength < FAR.byteOffset + FAR.byteLength) return near
  return magicIn(await source.read(FAR.byteOffset, FAR.byteLength), FAR.byteOffset)
}

/** @param from where the bytes lie */
function magicIn(bytes: Uint8Array, from: number): Likeness | null {
  for (const [at, magic, what, why] of MAGICS)
    if (at >= from && matchesAscii(bytes, at - from, magic)) return { rest: `looks like ${what}`, why }
  return null
}

/** What a file that is no disc image looks like instead. */
export async function looksLike(source: ByteSource): Promise<Likeness> {
  const bytes = await source.read(0, START_LENGTH)
  if (bytes.byteLength === 0) return { rest: 'is empty', why: (name) => because('isEmpty', { name }) }
  const known = await magicOf(source, bytes)
  if (known !== null) return known
  if (isAllZero(bytes))
    return {
      rest: 'begins with nothing but zeros, as an unfinished download does',
      why: (name) => because('isZeros', { name }),
    }
  const text = textOf(bytes)
  if (text !== null) {
    if (/<!doctype html|<html|<head/i.test(text))
      return {
        rest: 'is an HTML page, probably an error message saved by a browser',
        why: (name) => because('isWebPage', { name }),
      }
    if (/IsoDraw|Arbortext/i.test(text))
      return {
        rest: 'looks like a drawing made with Arbortext IsoDraw, which shares the extension .iso',
        why: (name) => because('isDrawing', { name }),
      }
    if (/^\s*<\?xml/i.test(text))
      return { rest: 'is an XML document', why: (name) => because('isDocument', { name, format: 'XML' }) }
    if (text.startsWith('version https://git-lfs'))
      return {
        rest: 'is a Git LFS pointer: the image itself was not downloaded',
        why: (name) => because('isPointer', { name }),
      }
    if (/^\s*[{[]/.test(text))
      return { rest: 'is a text file (JSON)', why: (name) => because('isDocument', { name, format: 'JSON' }) }
    return { rest: 'is a text file', why: (name) => because('isText', { name }) }
  }
  if (readU16Le(bytes, 510) === 0xaa55)
    return {
      rest: 'begins with a boot sector, but holds no file system that is known here',
      why: (name) => because('isBootSector', { name }),
    }
  if (isNoise(bytes))
    return { rest: 'looks like encrypted or compressed data', why: (name) => because('isNoise', { name }) }
  return { rest: 'holds no file system that is known here', why: (name) => because('isUnknown', { name }) }
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
