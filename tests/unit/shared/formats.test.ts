import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { CONTAINERS as DRIVERS } from '../../../src-main/image/containers/registry'
import { FILE_SYSTEMS } from '../../../src-main/image/filesystems/registry'
import { VOLUME_MAPS } from '../../../src-main/image/volumes/registry'
import { FILE_TYPES, FORMATS, IMAGE_EXTENSIONS, IMAGE_KINDS, looksLikeImage } from '../../../src-shared/model'
import { sectors } from '../../images/cd-sectors'
import { buildCdi } from '../../images/cdi-builder'
import { buildChd } from '../../images/chd-builder'
import { buildFixedVhd, buildQcow2, buildVdi, buildVmdk } from '../../images/disk-builder'
import { buildVhdx } from '../../images/vhdx-builder'
import { buildElf } from '../../images/elf-builder'
import { buildFat } from '../../images/fat-builder'
import { buildIso, text } from '../../images/iso-builder'
import { openBytes, pathsOf, scratch, siblings } from '../../images/open-bytes'
import { buildDax, buildEcm, buildGcz, buildIsz } from '../../images/packed-disc-builder'
import { buildExfat } from '../../images/exfat-builder'
import { sampleImage } from '../../images/small-tree'
import { buildUdf } from '../../images/udf-builder'
import { CONTAINERS } from '../../ways/containers'
import { temporaryFolder } from '../support'

describe('the list of formats', () => {
  it.each([
    ['container', DRIVERS],
    ['volumes', VOLUME_MAPS],
    ['file-system', FILE_SYSTEMS],
  ] as const)('has a row for each driver, and a driver for each row: %s', (role, drivers) => {
    const listed = FORMATS.filter((format) => format.role === role).map(({ id }) => id)
    expect(listed.toSorted()).toEqual(drivers.map(({ id }) => id).toSorted())
  })

  it('says nothing twice', () => {
    expect(new Set(IMAGE_EXTENSIONS).size).toBe(IMAGE_EXTENSIONS.length)
    expect(new Set(FORMATS.map(({ id }) => id)).size).toBe(FORMATS.length)
  })

  it('is what every other list says', async () => {
    const { outdated } = (await import(pathToFileURL(path.resolve('scripts/format-lists.mjs')).href)) as {
      outdated: () => [string, unknown][]
    }
    expect(outdated().map(([file]) => file)).toEqual([])
  })
})

describe('names', () => {
  it.each(IMAGE_KINDS)('disc.%s opens like a folder', (extension) => {
    expect(looksLikeImage(`disc.${extension}`)).toBe(true)
    expect(looksLikeImage(`DISC.${extension.toUpperCase()}`)).toBe(true)
    expect(looksLikeImage(extension)).toBe(false)
  })

  it.each([
    'disc.iso.gz',
    'disc.img.xz',
    'disc.bin.zst',
    'a.udf.bz2',
    'disc.iso.001',
    'disc.iso.2',
    'disc.iso.aa',
    'sr0',
  ])('%s does', (name) => {
    expect(looksLikeImage(name)).toBe(true)
  })

  it.each(['disc.gz', 'data.tar.gz', 'disc.daa', 'disc.dvd', 'a.txt', 'version.1', '.iso'])('%s does not', (name) => {
    expect(looksLikeImage(name)).toBe(false)
  })
})

const ISO = buildIso([{ name: 'INSIDE.TXT;1', data: 'inside' }]).bytes

/** The files of a container, and which of them is opened. */
function files(id: string): { files: Record<string, Uint8Array>; name: string } | null {
  const folder = temporaryFolder()
  const made = CONTAINERS.find((container) => container.id === id)?.make(ISO, folder) ?? null
  if (made === null) return null
  const names = fs.readdirSync(folder)
  return {
    files: Object.fromEntries(names.map((name) => [name, new Uint8Array(fs.readFileSync(path.join(folder, name)))])),
    name: path.basename(made.path),
  }
}

const alone = (extension: string, bytes: Uint8Array): ReturnType<typeof files> => ({
  files: { [`disc.${extension}`]: bytes },
  name: `disc.${extension}`,
})
const mac = (): Uint8Array => zlib.zstdDecompressSync(fs.readFileSync('tests/images/hfsplus.iso.zst'))
const squash = (): Uint8Array => new Uint8Array(fs.readFileSync('tests/images/squashfs/zstd.squashfs'))
const windows = (): Uint8Array => zlib.zstdDecompressSync(fs.readFileSync('tests/images/wim/lzx.wim.zst'))
const udf = (): Uint8Array => buildUdf([{ name: 'INSIDE.TXT', data: text('inside') }]).bytes
const fat = (): Uint8Array => buildFat(12, [{ name: 'INSIDE.TXT', data: text('inside') }])
const data = (): Uint8Array => sectors(ISO)

/** A sample for every extension: a new one fails until it has one. */
const SAMPLES: Record<string, () => ReturnType<typeof files>> = {
  iso: () => alone('iso', ISO),
  cdr: () => alone('cdr', ISO),
  udf: () => alone('udf', udf()),
  toast: () => alone('toast', mac()),
  ...Object.fromEntries(
    ['squashfs', 'sqfs', 'sfs', 'snap'].map((extension) => [extension, () => alone(extension, squash())]),
  ),
  ...Object.fromEntries(['wim', 'esd', 'swm'].map((extension) => [extension, () => alone(extension, windows())])),
  ...Object.fromEntries(
    ['ext2', 'ext3', 'ext4'].map((extension) => [extension, () => alone(extension, sampleImage('ext/ext4.img.zst'))]),
  ),
  appimage: () => alone('appimage', Buffer.concat([buildElf(), squash()])),
  erofs: () => alone('erofs', sampleImage('erofs/lz4.erofs.zst')),
  cpio: () => alone('cpio', sampleImage('cpio/newc.cpio.zst')),
  ntfs: () => alone('ntfs', sampleImage('ntfs/small.img.zst')),
  exfat: () => alone('exfat', buildExfat([{ name: 'INSIDE.TXT', data: text('inside') }])),
  img: () => alone('img', fat()),
  ima: () => alone('ima', fat()),
  bin: () => alone('bin', data()),
  cue: () => files('cue 2352'),
  ccd: () => files('ccd'),
  mds: () => files('mds 2048'),
  mdf: () => {
    const made = files('mds 2048')
    return made && { ...made, name: 'disc.mdf' }
  },
  nrg: () => files('nrg'),
  dmg: () => files('dmg'),
  isz: () => alone('isz', buildIsz(ISO)[0]!),
  dax: () => alone('dax', buildDax(ISO)),
  gcz: () => alone('gcz', buildGcz(ISO)),
  ecm: () => alone('ecm', buildEcm(new Uint8Array(0), 2, ISO)),
  cdi: () => alone('cdi', buildCdi([[{ mode: 1, sectorLength: 2048, data: ISO, start: 0, pregap: 150 }]])),
  chd: () => alone('chd', buildChd(ISO)),
  qcow2: () => alone('qcow2', buildQcow2(ISO)),
  vhd: () => alone('vhd', buildFixedVhd(ISO)),
  vhdx: () => alone('vhdx', buildVhdx(ISO)),
  vmdk: () => alone('vmdk', buildVmdk(ISO)),
  vdi: () => alone('vdi', buildVdi(ISO)),
  toc: () => ({
    files: { 'disc.toc': text('CD_ROM\n\nTRACK MODE1_RAW\nDATAFILE "disc.bin"\n'), 'disc.bin': data() },
    name: 'disc.toc',
  }),
  gdi: () => ({ files: { 'disc.gdi': text('1\r\n1 0 4 2352 disc.bin 0\r\n'), 'disc.bin': data() }, name: 'disc.gdi' }),
  cso: () => files('cso'),
  ciso: () => {
    const made = files('cso')
    return made && alone('ciso', Object.values(made.files)[0]!)
  },
  zso: () => files('zso'),
  '001': () => files('split'),
  gz: () => files('gz'),
  xz: () => files('xz'),
  zst: () => files('zst'),
  bz2: () => files('bz2'),
}

describe('a sample of what is offered', () => {
  it.each(IMAGE_EXTENSIONS)('opens: .%s', async (extension) => {
    const made = SAMPLES[extension]?.()
    expect(made, `tests need a sample of .${extension}`).toBeDefined()
    if (made === null || made === undefined) return
    expect(made.name.endsWith(`.${extension}`)).toBe(true)
    const image = await openBytes(made.files[made.name]!, { name: made.name, ...siblings(made.files), ...scratch })
    expect((await pathsOf(image)).length).toBeGreaterThan(0)
    expect(image.damage).toEqual([])
    await image.close()
  })

  it('is made of every type', () => {
    expect(FILE_TYPES.flatMap(({ extensions }) => extensions).toSorted()).toEqual(Object.keys(SAMPLES).toSorted())
  })
})
