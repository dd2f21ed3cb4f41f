import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { collect, mbrCodeOf, planImage, PRESETS, writePlan, type AuthorOptions } from '../../src-main/author'
import { ModeOneSectors } from '../../src-main/author/convert/raw-sectors'
import { isolde } from '../unit/cli/command-line'
import { itWith, run } from '../unit/desktop/programs'
import { temporaryFolder } from '../unit/support'

const CONTROL = { checkpoint: () => undefined, progress: () => undefined }
const BLOCK = 2048
const CODE = mbrCodeOf(Buffer.from('isolinux.bin missing or corrupt'.padEnd(512, '\x90'), 'latin1'))

/** A disc and disk that starts by BIOS and UEFI, its loader with a table of where it lies. */
async function bootable(options: Partial<AuthorOptions> = {}): Promise<string> {
  const folder = temporaryFolder()
  const source = path.join(folder, 'source')
  fs.mkdirSync(path.join(source, 'isolinux'), { recursive: true })
  fs.mkdirSync(path.join(source, 'EFI/BOOT'), { recursive: true })
  fs.writeFileSync(path.join(source, 'isolinux/isolinux.bin'), 'loader'.repeat(1000))
  fs.writeFileSync(path.join(source, 'EFI/BOOT/BOOTX64.EFI'), 'efi loader'.repeat(1000))
  fs.writeFileSync(path.join(source, 'isolinux/big.bin'), Buffer.alloc(300_000, 'big'))
  const image = path.join(folder, 'boot.iso')
  const all = { ...PRESETS.compatible, label: 'BOOT', date: 1e12, hybrid: 'both', mbrCode: CODE, ...options } as const
  await writePlan(await planImage(collect([{ path: source, at: '' }]).root, all), image, CONTROL)
  return image
}

/** What `edit` makes of an image without `big.bin`, so that everything moves. */
function edited(image: string, ...more: string[]): { bytes: Buffer; stderr: string; status: number | null } {
  const target = path.join(temporaryFolder(), 'out.iso')
  const { status, stderr } = isolde(['edit', image, '--to', target, '--delete', 'isolinux/big.bin', ...more])
  return { bytes: fs.existsSync(target) ? fs.readFileSync(target) : Buffer.alloc(0), stderr, status }
}

/** The boot catalog. */
function catalogOf(bytes: Buffer): Buffer {
  const at = bytes.readUInt32LE(17 * BLOCK + 71) * BLOCK
  return bytes.subarray(at, at + BLOCK)
}

async function rawSectors(bytes: Buffer): Promise<Buffer> {
  const sectors = new ModeOneSectors({
    byteLength: bytes.byteLength,
    read: (at, length) => bytes.subarray(at, at + length),
  })
  return Buffer.from(await sectors.read(0, sectors.byteLength))
}

describe('what starts an image', () => {
  it('is the same in a copy, whatever the image lies in', async () => {
    const image = await bootable()
    const plain = edited(image)
    expect(plain.status, plain.stderr).toBe(0)
    const block = catalogOf(plain.bytes).readUInt32LE(40)
    expect(plain.bytes.readUInt32LE(block * BLOCK + 12)).toBe(block)
    expect(plain.bytes.readUInt32LE(432)).toBe(block * 4)

    const folder = temporaryFolder()
    const at = (name: string): string => path.join(folder, name)
    const bytes = fs.readFileSync(image)
    fs.writeFileSync(at('boot.iso.gz'), zlib.gzipSync(bytes))
    fs.writeFileSync(at('boot.bin'), await rawSectors(bytes))
    fs.mkdirSync(at('around'))
    fs.copyFileSync(image, at('around/boot.iso'))
    expect(isolde(['create', at('outer.iso'), at('around')]).status).toBe(0)
    for (const [packed, ...more] of [['boot.iso.gz'], ['boot.bin'], ['outer.iso', '--inside', 'boot.iso']] as const) {
      const copy = edited(at(packed), ...more)
      expect(copy.status, copy.stderr).toBe(0)
      expect(Buffer.compare(copy.bytes, plain.bytes), packed).toBe(0)
    }
  })

  itWith('qemu-img', 'and whatever disk it lies in', async () => {
    const image = await bootable()
    const plain = edited(image)
    for (const format of ['qcow2', 'vmdk', 'vhdx']) {
      const disk = path.join(temporaryFolder(), `boot.${format}`)
      run('qemu-img', ['convert', '-f', 'raw', '-O', format, image, disk])
      expect(Buffer.compare(edited(disk).bytes, plain.bytes), format).toBe(0)
    }
  })

  it('keeps what firmware reads of its entries', async () => {
    const image = await bootable()
    const bytes = fs.readFileSync(image)
    const catalog = catalogOf(bytes)
    catalog.write('Somebody', 4, 'latin1')
    catalog.writeUInt16LE(0x07e0, 34)
    catalog.write('Section', 68, 'latin1')
    catalog.writeUInt8(1, 96 + 12)
    catalog.write('chosen by', 96 + 13, 'latin1')
    catalog.writeUInt16LE(0, 28)
    let sum = 0
    for (let at = 0; at < 32; at += 2) sum += catalog.readUInt16LE(at)
    catalog.writeUInt16LE(-sum & 0xffff, 28)
    fs.writeFileSync(image, bytes)
    const copy = catalogOf(edited(image).bytes)
    for (const [from, to] of [
      [0, 40],
      [64, 104],
      [108, 128],
    ] as const)
      expect(copy.toString('latin1', from, to)).toBe(catalog.toString('latin1', from, to))
  })

  it('is known by the same dates, signature and GUIDs, and what is not kept is said', async () => {
    const image = await bootable()
    const bytes = fs.readFileSync(image)
    const { bytes: copy, stderr, status } = edited(image)
    expect(status).toBe(0)
    expect(stderr).toBe('')
    const same = (from: number, to: number): void => {
      expect(copy.toString('latin1', from, to)).toBe(bytes.toString('latin1', from, to))
    }
    same(440, 444)
    same(512 + 56, 512 + 72)
    same(1024, 1024 + 32)
    same(1024 + 48, 1024 + 128)
    same(16 * BLOCK + 813, 16 * BLOCK + 847)
    const dated = isolde(['edit', image, '--to', path.join(temporaryFolder(), 'o.iso')], {
      env: { SOURCE_DATE_EPOCH: '1' },
    })
    expect(dated.status).toBe(0)
  })

  it('is told of where “convert” makes a disc alone of it', async () => {
    const target = path.join(temporaryFolder(), 'out.iso')
    const { status, stderr } = isolde(['convert', await bootable(), target, '--as', 'iso'])
    expect(status).toBe(1)
    expect(stderr).toContain('its partitions (MBR, GPT) are not in it')
  })
})

itWith(
  'xorriso',
  'a copy says nothing of partitions that are boot images or zeros, and names what its table loses',
  () => {
    const folder = temporaryFolder()
    const source = path.join(folder, 'source')
    fs.mkdirSync(source)
    fs.writeFileSync(path.join(source, 'isolinux.bin'), 'isolinux.bin missing or corrupt'.repeat(200))
    fs.writeFileSync(path.join(folder, 'code'), 'isolinux.bin missing or corrupt'.padEnd(432, '\x90'), 'latin1')
    const efi = path.join(source, 'efi.img')
    const made = path.join(folder, 'fat.iso')
    fs.mkdirSync(path.join(folder, 'efi/EFI/BOOT'), { recursive: true })
    fs.writeFileSync(path.join(folder, 'efi/EFI/BOOT/BOOTX64.EFI'), 'efi')
    expect(isolde(['create', made, path.join(folder, 'efi')]).status).toBe(0)
    expect(isolde(['extract', made, '--view', 'boot', '--to', path.join(folder, 'fat')]).status).toBe(0)
    const [image = ''] = fs.readdirSync(path.join(folder, 'fat')).filter((name) => name.includes('efi'))
    fs.copyFileSync(path.join(folder, 'fat', image), efi)
    const hybrid = path.join(folder, 'hybrid.iso')
    const words =
      '-as mkisofs -quiet -R -b isolinux.bin -c boot.cat -boot-load-size 4 -boot-info-table -no-emul-boot -eltorito-alt-boot -e efi.img -no-emul-boot -isohybrid-gpt-basdat'
    const zeros = path.join(folder, 'zeros')
    fs.writeFileSync(zeros, Buffer.alloc(300_000))
    const more = ['-isohybrid-mbr', path.join(folder, 'code'), '-append_partition', '3', '0x0c', zeros]
    run('xorriso', [...words.split(' '), ...more, '-o', hybrid, source])
    const { status, rows } = isolde(['edit', hybrid, '--to', path.join(folder, 'out.iso'), '--json'])
    expect(status).toBe(0)
    const lost = rows.flatMap((row) => (row.lost === true ? [String(row.message)] : []))
    expect(lost).toEqual([expect.stringMatching(/has no place for the GUID partitions “ISOHybrid”/)])
  },
)

it('the root keeps its date where Rock Ridge has none', async () => {
  const image = await bootable({ rockRidge: false, hybrid: null, mbrCode: null })
  const dateOf = (bytes: Buffer): string => bytes.toString('hex', 16 * BLOCK + 174, 16 * BLOCK + 181)
  expect(dateOf(edited(image).bytes)).toBe(dateOf(fs.readFileSync(image)))
})

itWith('xorriso', 'says which access rights and packed files a copy has otherwise', () => {
  const folder = temporaryFolder()
  const source = path.join(folder, 'source')
  fs.mkdirSync(source)
  fs.writeFileSync(path.join(source, 'a.txt'), 'a'.repeat(10_000))
  const attributes = path.join(folder, 'attributes.iso')
  const map = ['-map', source, '/']
  run('xorriso', [
    '-xattr',
    'on',
    '-outdev',
    attributes,
    ...map,
    '-setfattr',
    'user.note',
    'x',
    '/a.txt',
    '--',
    '-commit',
  ])
  const said = (image: string): string =>
    isolde(['edit', image, '--to', path.join(temporaryFolder(), 'o.iso')]).stderr.replaceAll('\n', ' ')
  expect(said(attributes)).toContain('(AAIP) of 1 entry are not kept')
  const packed = path.join(folder, 'packed.iso')
  expect(isolde(['create', packed, source, '--zisofs', '*.txt', '--no-udf', '--no-joliet']).status).toBe(0)
  expect(said(packed)).toContain('What is packed by zisofs (1 file) is written unpacked')
  const plain = path.join(folder, 'plain.iso')
  expect(isolde(['create', plain, source, '--md5', '--no-udf']).status).toBe(0)
  expect(said(plain)).toBe('')
})

it('is told of the tracks of sound that no image of files has', async () => {
  const folder = temporaryFolder()
  const data = await rawSectors(fs.readFileSync(await bootable({ hybrid: null, mbrCode: null })))
  const sound = Buffer.alloc(300 * 2352, 'sound')
  fs.writeFileSync(path.join(folder, 'game.bin'), Buffer.concat([data, sound]))
  const second = data.byteLength / 2352
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const start = `${two(second / 75 / 60)}:${two((second / 75) % 60)}:${two(second % 75)}`
  const sheet = ['FILE "game.bin" BINARY', 'TRACK 01 MODE1/2352', 'INDEX 01 00:00:00', 'TRACK 02 AUDIO']
  const cue = path.join(folder, 'game.cue')
  fs.writeFileSync(cue, [...sheet, `INDEX 01 ${start}`, ''].join('\n'))
  for (const words of [
    ['convert', cue, path.join(folder, 'converted.iso'), '--as', 'iso'],
    ['edit', cue, '--to', path.join(folder, 'edited.iso')],
  ]) {
    const { status, stderr } = isolde(words)
    expect(status, stderr).toBe(1)
    expect(stderr).toContain('1 audio track is not in the new image.')
  }
})
