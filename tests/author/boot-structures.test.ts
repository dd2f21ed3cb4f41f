import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { collect, mbrCodeOf, planImage, PRESETS, writePlan, type AuthorOptions } from '../../src-main/author'
import { bytesContent } from '../../src-main/author/layout'
import { fatImage } from '../../src-main/author/boot/fat-image'
import { openImage } from '../../src-main/image'
import { itWith, run } from '../unit/desktop/programs'
import { temporaryFolder } from '../unit/support'
import { fileOf, tree } from '../unit/author/support'

const CONTROL = { checkpoint: () => undefined, progress: () => undefined }

/** Boot files of the project's own making: what is in them nobody runs here. */
function source(files: Record<string, string>): string {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    fs.writeFileSync(path.join(folder, name), text.padEnd(5000, text))
  }
  return folder
}

const ISOLINUX = { 'isolinux/isolinux.bin': 'loader', 'isolinux/isolinux.cfg': 'config' }
const WINDOWS = { 'boot/etfsboot.com': 'bios', 'efi/microsoft/boot/efisys.bin': 'uefi', 'sources/boot.wim': 'wim' }
const LOADER = { 'EFI/BOOT/BOOTX64.EFI': 'efi loader', 'EFI/fonts/a long name.pf2': 'font' }

async function make(files: Record<string, string>, options: Partial<AuthorOptions> = {}): Promise<string> {
  const image = path.join(temporaryFolder(), 'made.iso')
  const all = { ...PRESETS.data, label: 'BOOT', date: 1e12, ...options }
  await writePlan(await planImage(collect([{ path: source(files), at: '' }]).root, all), image, CONTROL)
  return image
}

const code = mbrCodeOf(Buffer.from('isolinux.bin missing or corrupt'.padEnd(512, '\x90'), 'latin1'))

describe('boot files in their known places', () => {
  itWith('xorriso', 'are entries of the catalog, isolinux with its table', async () => {
    const said = run('xorriso', ['-indev', await make(ISOLINUX), '-report_el_torito', 'plain'])
    expect(said).toMatch(/img path : +1 +\/isolinux\/isolinux\.bin/)
    expect(said).toMatch(/img opts : +1 +boot-info-table/)
  })

  itWith('xorriso', 'are those of Windows, for BIOS and for UEFI', async () => {
    const said = run('xorriso', ['-indev', await make(WINDOWS), '-report_el_torito', 'plain'])
    expect(said).toMatch(/boot img : +1 +BIOS +y +none/)
    expect(said).toMatch(/boot img : +2 +UEFI +y +none/)
    expect(said).toMatch(/img path : +2 +\/efi\/microsoft\/boot\/efisys\.bin/)
  })

  itWith('xorriso', 'are left alone where nobody wants them', async () => {
    const said = run('xorriso', ['-indev', await make(WINDOWS, { findsBoots: false }), '-report_el_torito', 'plain'])
    expect(said).not.toContain('boot img')
  })

  it('refuse what no firmware can start', async () => {
    const boot = { platform: 'bios', emulation: 'floppy', hasInfoTable: false, hasGrubTable: false } as const
    await expect(make(ISOLINUX, { boots: [{ ...boot, path: 'nothing' }] })).rejects.toThrow(
      'is not a file of the image',
    )
    await expect(make(ISOLINUX, { boots: [{ ...boot, path: 'isolinux/isolinux.bin' }] })).rejects.toThrow(
      'no floppy disk has as many',
    )
    await expect(make(ISOLINUX, { hybrid: 'mbr' })).rejects.toThrow('--mbr')
    await expect(make(ISOLINUX, { hybrid: 'gpt' })).rejects.toThrow('needs a boot image for UEFI')
  })
})

describe('a disc that is a disk', () => {
  for (const udf of [null, '1.02'] as const)
    for (const hybrid of ['gpt', 'both'] as const)
      itWith('sgdisk', `has ${hybrid} tables that sgdisk finds right, udf ${udf ?? 'none'}`, async () => {
        const image = await make({ ...ISOLINUX, ...LOADER }, { hybrid, mbrCode: code, udf })
        expect(run('sgdisk', ['-v', image])).toContain('No problems found')
        const said = run('sgdisk', ['-i', '1', image])
        expect(said).toContain('C12A7328-F81F-11D2-BA4B-00A0C93EC93B')
      })

  itWith('xorriso', 'has the address of isolinux and the partition for UEFI', async () => {
    const image = await make({ ...ISOLINUX, ...LOADER }, { hybrid: 'mbr', mbrCode: code })
    const said = run('xorriso', ['-indev', image, '-report_el_torito', 'plain', '-report_system_area', 'plain'])
    expect(said).toMatch(/MBR partition +: +1 +0x80 +0x17 +0 /)
    const block = Number(/boot img : +1 +BIOS.* (\d+)$/m.exec(said)?.[1])
    const uefi = Number(/boot img : +2 +UEFI.* (\d+)$/m.exec(said)?.[1])
    expect(said).toMatch(new RegExp(`MBR partition +: +2 +0x00 +0xef +${uefi * 4} `))
    expect(Number(fs.readFileSync(image).readBigUInt64LE(432))).toBe(block * 4)
  })
})

describe('the boot image that is made of EFI', () => {
  const folder = tree(
    {
      BOOT: { 'BOOTX64.EFI': 'loader', 'grub.cfg': 'config' },
      'a folder with a long name': { 'another long name.txt': 'deep', empty: '' },
      LARGE: fileOf(bytesContent(Buffer.alloc(3_000_000, 'large'), 'LARGE')),
    },
    'EFI',
  )

  async function write(): Promise<string> {
    const source = fatImage([folder], 'UEFI').open()
    const file = path.join(temporaryFolder(), 'fat.img')
    fs.writeFileSync(file, await source.read(0, source.byteLength))
    await source.close()
    return file
  }

  it('is a FAT volume that this reader finds whole', async () => {
    const source = fatImage([folder], 'UEFI').open()
    const image = await openImage(source, { name: 'fat.img' })
    const table = await image.view(image.info.defaultViewId).readTree()
    const paths = Array.from({ length: table.length - 1 }, (_, i) => table.pathOf(i + 1))
    expect(table.damage).toEqual([])
    expect(paths).toContain('EFI/a folder with a long name/another long name.txt')
    expect(paths).toHaveLength(8)
    await image.close()
    await source.close()
  })

  itWith('mcopy', 'is one that mtools reads', async () => {
    const out = path.join(temporaryFolder(), 'out')
    run('mcopy', ['-s', '-n', '-i', await write(), '::/EFI', out])
    expect(fs.readFileSync(path.join(out, 'BOOT/grub.cfg'), 'utf8')).toBe('config')
    expect(fs.readFileSync(path.join(out, 'a folder with a long name/another long name.txt'), 'utf8')).toBe('deep')
    expect(fs.statSync(path.join(out, 'LARGE')).size).toBe(3_000_000)
  })

  itWith('fsck.vfat', 'has nothing that fsck.vfat finds', async () => {
    expect(run('fsck.vfat', ['-n', await write()])).toMatch(/: \d+ files, /)
  })
})
