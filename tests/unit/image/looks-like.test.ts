import { expect, test } from 'vitest'
import { openBytes } from '../../images/open-bytes'

/** A file of 320 KiB with some bytes at a place, and nothing else that is known. */
function fileWith(at: number, magic: string): Uint8Array {
  const bytes = new Uint8Array(320 << 10).fill(0x55)
  bytes.set(Buffer.from(magic, 'latin1'), at)
  return bytes
}

test.each([
  [1024, '\x10\x20\xf5\xf2', 'an F2FS volume'],
  [65_588, 'ReIsEr2Fs', 'a ReiserFS volume'],
  [32_768, 'JFS1', 'a JFS volume'],
  [0, '-rom1fs-', 'a romfs image'],
  [0, 'UBI#', 'a UBI image of flash memory'],
  [0, '\x85\x19\x03\x20', 'a JFFS2 image of flash memory'],
  [512, 'LABELONE', 'a physical volume of LVM'],
  [0, '\x01ZZZZZ\x01', 'a 3DO disc (Opera)'],
  [0, 'DOS\x01', 'a floppy or a disk of an Amiga'],
  [0, 'QED\0', 'a QEMU disk image of the form QED'],
  [3, '-FVE-FS-', 'a volume encrypted with BitLocker'],
  [3, 'ReFS\0', 'a ReFS volume'],
  [0, 'sprs', 'a sparse disk image of macOS'],
  [0, 'AFF10\r\n\0', 'a forensic disk image (AFF)'],
  [0, '\x89LZO\0\r\n\x1a\n', 'a file packed with lzop'],
  [0, 'XFSB', 'an XFS volume'],
  [0, 'Rar!\x1a\x07\x01\0', 'a RAR archive'],
])('what is not read is named by its own mark (%i, %j)', async (at, magic, what) => {
  await expect(openBytes(fileWith(at, magic), { name: 'x.iso' })).rejects.toMatchObject({
    message: `“x.iso” is not a disc image: it looks like ${what}.`,
  })
})

const UFS_MAGICS = ['\x54\x19\x01\0', '\0\x01\x19\x54', '\x19\x01\x54\x19', '\x19\x54\x01\x19']

test.each([0, 8192, 65_536, 262_144])(
  'UFS of either version and byte order is named, with its superblock at %i',
  async (at) => {
    for (const magic of UFS_MAGICS)
      await expect(openBytes(fileWith(at + 1372, magic), { name: 'x.img' })).rejects.toMatchObject({
        message: '“x.img” is not a disc image: it looks like a UFS volume of BSD or Solaris (FFS).',
      })
  },
)
