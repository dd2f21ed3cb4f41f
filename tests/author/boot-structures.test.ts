import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { collect, mbrCodeOf, planImage, PRESETS, writePlan, type AuthorOptions } from '../../src-main/author'
import { bytesContent } from '../../src-main/author/layout'
import { fatImage } from '../../src-main/author/boot/fat-image'
import { openImage } from '../../src-main/image'
import { itWith, run } from '../unit/desktop/programs'
import { isolde } from '../unit/cli/command-line'
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
    await expect(make({ 'one.txt': 'one' }, { hybrid: 'mbr' })).rejects.toThrow('needs a boot image')
    await expect(make(ISOLINUX, { hybrid: 'gpt' })).rejects.toThrow('needs a boot image for UEFI')
  })
})

describe('a hard disk that a BIOS is shown', () => {
  const DISK = { platform: 'bios', emulation: 'hard-disk', hasInfoTable: false, hasGrubTable: false } as const

  /** Its first sector, with partitions of these types. */
  async function withDisk(types: readonly number[]): Promise<string> {
    const disk = Buffer.alloc(64 * 512)
    disk.writeUInt16LE(0xaa55, 510)
    for (const [index, type] of types.entries()) disk.writeUInt8(type, 450 + index * 16)
    const image = path.join(temporaryFolder(), 'made.iso')
    const root = tree({ 'disk.img': fileOf(bytesContent(disk, 'disk.img')) })
    const options = { ...PRESETS.linux, label: 'DISK', date: 1e12, boots: [{ ...DISK, path: 'disk.img' }] }
    await writePlan(await planImage(root, options), image, CONTROL)
    return image
  }

  it('is recorded anew where another takes its place, which has to be one as well', async () => {
    const image = await withDisk([0x06])
    const at = (name: string): string => path.join(path.dirname(image), name)
    const other = Buffer.alloc(64 * 512)
    fs.writeFileSync(at('zeros'), other)
    other.writeUInt16LE(0xaa55, 510)
    other.writeUInt8(0x83, 450)
    fs.writeFileSync(at('other'), other)
    const typeIn = (file: string): number => {
      const bytes = fs.readFileSync(file)
      return bytes.readUInt8(bytes.readUInt32LE(17 * 2048 + 71) * 2048 + 36)
    }
    const edit = (name: string, ...more: string[]) => isolde(['edit', image, '--to', at(name), ...more])
    expect([edit('same.iso', '--label', 'SAME').status, typeIn(at('same.iso'))]).toEqual([0, 0x06])
    expect([edit('new.iso', '--add', `${at('other')}=disk.img`).status, typeIn(at('new.iso'))]).toEqual([0, 0x83])
    expect(edit('none.iso', '--add', `${at('zeros')}=disk.img`).stderr).toContain('is no image of a hard disk')
  })

  it('is recorded with the type of its partition', async () => {
    const bytes = fs.readFileSync(await withDisk([0x06]))
    const catalog = bytes.readUInt32LE(17 * 2048 + 71) * 2048
    expect([...bytes.subarray(catalog + 32, catalog + 37)]).toEqual([0x88, 4, 0, 0, 0x06])
  })

  itWith('xorriso', 'is what another reader finds as one', async () => {
    const said = run('xorriso', ['-indev', await withDisk([0x0e]), '-report_el_torito', 'plain'])
    expect(said).toMatch(/boot img : +1 +BIOS +y +hd +0x0000 +0x0e/)
  })

  it.each([[[]], [[0x06, 0x83]]])('has one partition, and not those of types %j', async (types) => {
    await expect(withDisk(types)).rejects.toThrow('“disk.img” is no image of a hard disk')
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

  it.each([
    'isolinux/isohdpfx.bin',
    'isolinux/isohdpfx_c.bin',
    'boot/isolinux/isohdpfx.bin',
    'syslinux/isohdpfx.bin',
    'usr/lib/ISOLINUX/isohdpfx.bin',
  ])('takes the code of its first sector from %s', async (place) => {
    const files = { ...ISOLINUX, 'boot_hybrid.img': 'of GRUB', [place]: `isolinux.bin missing or corrupt ${place}` }
    const first = fs.readFileSync(await make(files, { hybrid: 'both' })).subarray(0, 512)
    expect(first.toString('latin1')).toContain(place)
  })

  it.each(['boot_hybrid.img', 'boot/grub/i386-pc/boot_hybrid.img'])(
    'takes the code that starts GRUB from %s',
    async (place) => {
      const others = { 'isolinux/isohdpfx.bin': 'isolinux.bin missing or corrupt' }
      const files = { 'boot/grub/i386-pc/eltorito.img': 'loader', ...others, [place]: `GRUB ${place}` }
      const first = fs.readFileSync(await make(files, { hybrid: 'mbr' })).subarray(0, 512)
      expect(first.toString('latin1')).toContain(`GRUB ${place}`)
    },
  )

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
