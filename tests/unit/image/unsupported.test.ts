import { describe, expect, test } from 'vitest'
import { concat, text } from '../../images/iso-builder'
import { openBytes } from '../../images/open-bytes'

const LENGTH = 200_000

/** A file with some bytes in one place; negative: from the end. */
function marked(at: number, bytes: Uint8Array | number[]): Uint8Array {
  const file = new Uint8Array(LENGTH).fill(0x11)
  file.set(bytes, at < 0 ? LENGTH + at : at)
  return file
}

describe('what cannot be read is named, with what opens it', () => {
  test.each<[string, Uint8Array, RegExp]>([
    ['game.chd', marked(0, text('MComprHD')), /CHD.*another version.*chdman/],
    ['game.cdi', marked(-8, [4, 0, 0, 0x80, 0, 1, 0, 0]), /DiscJuggler.*CDI.*damaged description/],
    ['game.cdi', marked(-8, [6, 0, 0, 0x80, 0, 1, 0, 0]), /DiscJuggler.*CDI.*damaged description/],
    ['disc.isz', marked(0, text('IsZ!')), /ISZ.*damaged header.*UltraISO/],
    ['disc.daa', marked(0, concat(text('DAA'), [0, 0])), /DAA.*PowerISO/],
    ['disc.uif', marked(-64, text('bbis')), /UIF.*MagicISO/],
    ['disc.mdx', marked(0, concat(text('MEDIA DESCRIPTOR'), [2, 1])), /MDX.*Alcohol/],
    ['EBOOT.PBP', marked(0, concat([0], text('PBP'))), /PBP/],
    ['game.rvz', marked(0, concat(text('RVZ'), [1])), /RVZ.*Dolphin/],
    ['game.wbfs', marked(0, text('WBFS')), /WBFS.*Dolphin/],
    ['game.gcz', marked(0, [1, 0xc0, 0x0b, 0xb1]), /GCZ.*damaged header.*Dolphin/],
    ['game.iso', marked(0x1c, [0xc2, 0x33, 0x9f, 0x3d]), /GameCube disc.*Dolphin/],
    ['game.iso', marked(0x18, [0x5d, 0x1c, 0x9e, 0xa3]), /Wii disc.*Dolphin/],
    ['game.dax', marked(0, concat(text('DAX'), [0])), /DAX.*damaged header.*PPSSPP/],
    ['film.iso', marked(32768, concat([1], text('CD-I '))), /CD-i.*Green Book/],
    ['a.iso.lz4', marked(0, [4, 0x22, 0x4d, 0x18]), /LZ4.*lz4 -d/],
    ['a.squashfs', marked(0, text('sqsh')), /SquashFS.*unsquashfs/],
    ['mac.dmg', marked(-512, text('koly')), /dmg.*7-Zip/],
    ['disk.vhd', marked(-512, text('conectix')), /VHD.*damaged header.*qemu-img/],
    ['disk.vhdx', marked(0, text('vhdxfile')), /VHDX.*damaged header.*qemu-img/],
    ['disk.qcow2', marked(0, [0x51, 0x46, 0x49, 0xfb]), /QCOW2.*qemu-img/],
    ['disk.vmdk', marked(0, text('KDMV')), /VMDK.*damaged header.*qemu-img/],
    ['disk.vdi', marked(0, text('<<< Oracle VM VirtualBox Disk Image >>>')), /VDI.*damaged header.*qemu-img/],
  ])('%s', async (name, bytes, sentence) => {
    await expect(openBytes(bytes, { name })).rejects.toMatchObject({
      code: 'UNSUPPORTED_CONTAINER',
      message: expect.stringMatching(sentence) as string,
    })
    await expect(openBytes(bytes, { name })).rejects.toThrow(`“${name}” is a`)
  })
})
