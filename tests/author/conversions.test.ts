import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { CONVERSION_SOURCES, CONVERSION_TARGETS } from '../../src-shared/model'
import { isolde } from '../unit/cli/command-line'
import { isInstalled, itWith, run, SEVEN_ZIP } from '../unit/desktop/programs'
import { SAMPLE, temporaryFolder, treeOf } from '../unit/support'

let folder: string
beforeEach(() => (folder = temporaryFolder()))
const at = (name: string): string => path.join(folder, name)

/** An image of each kind that is told apart, by the name that such images have. */
const SOURCES: Record<string, { name: string; make: () => Uint8Array }> = {
  disc: { name: 'in.img', make: () => fs.readFileSync('tests/images/sample.iso') },
  udf: { name: 'in.img', make: () => packed('udf102.img.zst') },
  files: { name: 'in.img', make: () => fs.readFileSync('tests/images/squashfs/gzip.squashfs') },
  disk: { name: 'in.img', make: () => partitioned(packed('ext/ext4.img.zst')) },
}

function packed(name: string): Buffer {
  return zstdDecompressSync(fs.readFileSync(path.join('tests/images', name)))
}

/** A volume behind a master boot record. */
function partitioned(volume: Uint8Array): Buffer {
  const SECTOR = 512
  const first = 2048
  const length = Math.ceil(volume.byteLength / SECTOR)
  const disk = Buffer.alloc((first + length) * SECTOR)
  const record = 446
  disk[record + 4] = 0x83
  disk.writeUInt32LE(first, record + 8)
  disk.writeUInt32LE(length, record + 12)
  disk.set(volume, first * SECTOR)
  disk.writeUInt16LE(0xaa55, 510)
  return disk
}

function write(source: string): string {
  const { name = '', make } = SOURCES[source] ?? {}
  fs.writeFileSync(at(name), make?.() ?? '')
  return at(name)
}

/** Whether a file begins as a disc does: descriptors of a volume at sector 16 (ECMA-119 6.7.1, ECMA-167 2/9.1). */
function isDisc(file: string): boolean {
  return /^(?:CD001|BEA01)$/.test(fs.readFileSync(file).toString('latin1', 16 * 2048 + 1, 16 * 2048 + 6))
}

describe.each(CONVERSION_SOURCES.map(({ id }) => id))('convert of a source of kind “%s”', (source) => {
  const cells = CONVERSION_TARGETS.flatMap(({ extensions, of }) =>
    (extensions.length === 0 ? ['img', 'raw'] : extensions).map((extension) => [extension, of[source]] as const),
  ).filter(([extension]) => extension !== '7z' || isInstalled(SEVEN_ZIP))

  it.each(cells)('to .%s: %s', (extension, conversion) => {
    const image = write(source)
    const out = at(`out.${extension}`)
    const { status, stderr } = isolde(['convert', image, out])
    if (conversion === 'none') {
      expect(status, stderr).toBe(2)
      expect(stderr).toContain(path.basename(out))
      expect(fs.readdirSync(folder)).toEqual([path.basename(image)])
      return
    }
    expect(status, stderr).toBe(0)
    if (conversion === 'blocks') expect(fs.readFileSync(out).equals(fs.readFileSync(image))).toBe(true)
    if (conversion === 'files') expect(isDisc(out)).toBe(true)
    if (source === 'disk' && extension === 'iso') expect(stderr).toContain('is no disc')
    if (extension === 'iso') {
      expect(isDisc(out)).toBe(source !== 'disk')
      const listed = (file: string): string[] => isolde(['list', file]).stdout.split('\n').sort()
      expect(listed(out)).toEqual(listed(image))
    }
    if (conversion === 'packed' && extension === 'zip' && isInstalled(SEVEN_ZIP)) {
      const name = source === 'disc' || source === 'udf' ? 'out.iso' : 'out.img'
      const bytes = execFileSync(SEVEN_ZIP, ['x', '-so', out, name], { maxBuffer: 2 ** 30 })
      expect(bytes.equals(fs.readFileSync(image))).toBe(true)
    }
  })
})

describe('convert of what holds files to an .iso', () => {
  it.each([
    ['squashfs', 'squashfs', 'squashfs/gzip.squashfs', ''],
    ['ext', 'img', 'ext/ext4.img.zst', ''],
    ['ntfs', 'img', 'ntfs/small.img.zst', 'has named streams'],
  ])('makes an .iso of %s that bsdtar reads the same, and says what it lacks', (kind, extension, image, lacks) => {
    fs.writeFileSync(
      at(`in.${extension}`),
      image.endsWith('.zst') ? packed(image) : fs.readFileSync(path.join('tests/images', image)),
    )
    const as = kind === 'squashfs' ? [] : ['--as', 'iso']
    const { status, stderr } = isolde(['convert', at(`in.${extension}`), at('out.iso'), ...as])
    expect([status, stderr]).toEqual([lacks === '' ? 0 : 1, expect.stringContaining(lacks)])
    const [ours, theirs] = [at('ours'), at('theirs')]
    expect(isolde(['extract', at(`in.${extension}`), '--to', ours]).status).toBe(0)
    fs.mkdirSync(theirs)
    if (!isInstalled('bsdtar')) return
    run('bsdtar', ['-xf', at('out.iso'), '-C', theirs])
    expect(treeOf(theirs)).toEqual(treeOf(ours))
  })
})

describe('convert to a name that promises what is not written', () => {
  it.each(['qcow2', 'vhd', 'dmg', 'iso.gz', 'cso', 'nrg', 'rar', 'squashfs', 'wim', 'ext4'])(
    'refuses .%s',
    (extension) => {
      const ran = isolde(['convert', SAMPLE, at(`out.${extension}`)])
      expect(ran.status).toBe(2)
      expect(ran.stderr).toMatch(/out\..*is named like.*Name an \.iso or an \.img/s)
      expect(fs.readdirSync(folder)).toEqual([])
    },
  )

  it('and takes the name of the file system that is packed inside', () => {
    fs.writeFileSync(at('in.ext4.zst'), fs.readFileSync('tests/images/ext/ext4.img.zst'))
    expect(isolde(['convert', at('in.ext4.zst'), at('out.ext4')]).status).toBe(0)
    expect(fs.readFileSync(at('out.ext4')).equals(packed('ext/ext4.img.zst'))).toBe(true)
  })
})

describe('a password on the image to be converted', () => {
  it.each(['zip', '7z'])('encrypts it in a .%s', (format) => {
    if (!isInstalled(SEVEN_ZIP)) return
    fs.writeFileSync(at('password'), 'grüner Tee\nmore')
    const out = at(`out.${format}`)
    expect(isolde(['convert', SAMPLE, out, '--password-file', at('password')]).status).toBe(0)
    const open = (word: string): Buffer =>
      execFileSync(SEVEN_ZIP, ['x', '-so', `-p${word}`, out], { stdio: ['ignore', 'pipe', 'ignore'] })
    expect(open('grüner Tee').equals(fs.readFileSync(SAMPLE))).toBe(true)
    expect(() => open('another')).toThrow()
    expect(isolde(['convert', SAMPLE, out]).status).toBe(4)
    expect(fs.readdirSync(folder).sort()).toEqual([path.basename(out), 'password'].sort())
  })

  it.each([
    [['out.iso', '--password-file', 'password'], 'Only a ZIP or 7z takes a password'],
    [['out.zip', '--password-file', 'empty'], 'there is no password'],
    [['out.zip', '--split', '1M'], '--split makes parts of a plain image'],
  ])('is refused where it says nothing: %j', (args, sentence) => {
    fs.writeFileSync(at('password'), 'secret')
    fs.writeFileSync(at('empty'), '')
    const image = path.resolve(SAMPLE)
    const ran = isolde(['convert', image, ...args], { cwd: folder })
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining(sentence) as string })
    expect(fs.readdirSync(folder).sort()).toEqual(['empty', 'password'])
  })
})

itWith('isoinfo', 'an .iso of files is one to isoinfo as well', () => {
  fs.writeFileSync(at('in.img'), packed('ext/ext4.img.zst'))
  expect(isolde(['convert', at('in.img'), at('out.iso'), '--as', 'iso']).status).toBe(0)
  expect(run('isoinfo', ['-d', '-i', at('out.iso')])).toContain('CD-ROM is in ISO 9660 format')
})
