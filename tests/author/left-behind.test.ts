import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildFat } from '../images/fat-builder'
import { buildIso } from '../images/iso-builder'
import { buildUdf } from '../images/udf-builder'
import { sampleImage } from '../images/small-tree'
import { isolde } from '../unit/cli/command-line'
import { itWith, run } from '../unit/desktop/programs'
import { temporaryFolder } from '../unit/support'

/** What `edit` says that the copy does not have. @param wanted its exit status: 1 where files are lost */
function lostOf(image: string, wanted: number, ...more: string[]): string {
  const words = ['edit', image, '--to', path.join(temporaryFolder(), 'out.iso'), '--label', 'OTHER', '--json', ...more]
  const { status, rows } = isolde(words)
  expect(status).toBe(wanted)
  return rows.flatMap((row) => (row.lost === true ? [String(row.message)] : [])).join('\n')
}

itWith('xorriso', 'a copy names the files that only another tree of the image has', () => {
  const folder = temporaryFolder()
  const source = path.join(folder, 'source')
  fs.mkdirSync(source)
  for (const name of ['both.txt', 'joliet-only.txt']) fs.writeFileSync(path.join(source, name), name.repeat(100))
  const image = path.join(folder, 'hidden.iso')
  run('xorriso', ['-as', 'mkisofs', '-quiet', '-R', '-J', '-hide', 'joliet-only.txt', '-o', image, source])
  expect(lostOf(image, 1)).toContain('“joliet-only.txt” is in the Joliet tree alone, and not in the new image.')
  const before = fs.readFileSync(image)
  const { status, stderr } = isolde(['edit', image, '--replace', '--label', 'OTHER'])
  expect(status).toBe(1)
  expect(stderr).toContain('is left as it was, because the changed copy does not hold all of it')
  expect(Buffer.compare(fs.readFileSync(image), before)).toBe(0)
})

it('no image is made of a volume whose root is lost, and none takes its place', () => {
  const folder = temporaryFolder()
  const image = path.join(folder, 'disc.iso')
  const bytes = Buffer.from(buildUdf([{ name: 'f', data: Buffer.from('data') }]).bytes)
  // ECMA-167 4/14.1: the file set descriptor, by its tag.
  const at = Array.from({ length: bytes.byteLength / 2048 }, (_, block) => block * 2048).find(
    (each) => bytes.readUInt16LE(each) === 256,
  )
  bytes.fill(0, at, (at ?? 0) + 2048)
  fs.writeFileSync(image, bytes)
  for (const words of [
    ['edit', image, '--replace', '--label', 'OTHER'],
    ['convert', image, path.join(folder, 'out.iso'), '--as', 'iso'],
  ]) {
    const { status, stderr } = isolde(words)
    expect([status, stderr]).toEqual([4, expect.stringContaining('With --allow-damaged it is left out.')])
  }
  expect(fs.readdirSync(folder)).toEqual(['disc.iso'])
  expect(Buffer.compare(fs.readFileSync(image), bytes)).toBe(0)
})

it('no image is made of what a disc consists of', () => {
  const folder = temporaryFolder()
  const image = path.join(folder, 'boot.iso')
  fs.writeFileSync(image, sampleImage('bootable.iso.zst'))
  const { status, stderr } = isolde(['edit', image, '--view', 'boot', '--to', path.join(folder, 'out.iso')])
  expect(status).toBe(2)
  expect(stderr).toContain('The view “boot” of')
  expect(fs.readdirSync(folder)).toEqual(['boot.iso'])
})

itWith('xorriso', 'a copy says in one sentence what becomes of a partition behind the volume', () => {
  const folder = temporaryFolder()
  const source = path.join(folder, 'source')
  const partition = path.join(folder, 'part.img')
  fs.mkdirSync(source)
  fs.writeFileSync(path.join(source, 'one.txt'), 'one')
  fs.writeFileSync(partition, Buffer.alloc(3_000_000, 7))
  const image = path.join(folder, 'two-parts.iso')
  run('xorriso', [
    '-as',
    'mkisofs',
    '-quiet',
    '-R',
    '-J',
    '-append_partition',
    '2',
    '0x0c',
    partition,
    '-o',
    image,
    source,
  ])
  expect(lostOf(image, 1)).toBe(
    'Partition 2 of “two-parts.iso” (3.0 MB) lies behind the volume, and is not in the new image. If you need it, extract it first: it is in the view “Partitions”.',
  )
})

describe('beside a partition that the image starts from', () => {
  /** A disc whose fourth partition is a boot image for UEFI, and whatever else is asked for. */
  function disc(...more: string[]): string {
    const folder = temporaryFolder()
    const at = (name: string): string => path.join(folder, name)
    fs.mkdirSync(at('source'))
    fs.writeFileSync(at('source/one.txt'), 'one')
    fs.writeFileSync(at('source/mac.txt'), 'mac')
    fs.writeFileSync(at('raw.img'), Buffer.alloc(1_000_000, 7))
    fs.writeFileSync(at('efi.img'), buildFat(12, [{ name: 'LOADER.EFI', data: Buffer.from('loader') }]))
    const efi = ['-append_partition', '3', '0xef', at('efi.img'), '-e', '--interval:appended_partition_3:all::']
    const words = more.map((word) => word.replace('RAW', at('raw.img')))
    const options = ['-as', 'mkisofs', '-quiet', '-R', ...words, ...efi, '-no-emul-boot', '-o', at('disc.iso')]
    run('xorriso', [...options, at('source')])
    return at('disc.iso')
  }

  itWith('xorriso', 'another one is told, though the volume of the first lies behind it', () => {
    expect(lostOf(disc('-append_partition', '2', '0xda', 'RAW'), 1)).toMatch(/Partition 2 of .* lies behind the volume/)
  })

  itWith('xorriso', 'a file of another tree is, whatever the number of its partition', () => {
    expect(lostOf(disc('-hfsplus', '-hide', 'mac.txt'), 1)).toMatch(/“mac.txt” is in the HFS\+.* tree alone/)
  })
})

it('a track of data in which no files are found is told', () => {
  const folder = temporaryFolder()
  const { bytes } = buildIso([{ name: 'A.TXT;1', data: 'a' }])
  fs.writeFileSync(path.join(folder, 'disc.bin'), Buffer.concat([bytes, Buffer.alloc(300 * 2048, 'data')]))
  const sectors = bytes.byteLength / 2048
  const time = `00:${String(Math.floor(sectors / 75)).padStart(2, '0')}:${String(sectors % 75).padStart(2, '0')}`
  const tracks = ['01 MODE1/2048\n INDEX 01 00:00:00', `02 MODE1/2048\n INDEX 01 ${time}`]
  const sheet = path.join(folder, 'disc.cue')
  fs.writeFileSync(sheet, `FILE disc.bin BINARY\n${tracks.map((track) => `TRACK ${track}\n`).join('')}`)
  expect(lostOf(sheet, 1)).toContain('1 data track without files is not in the new image.')
})

it('so is a system area that holds something unknown', () => {
  const image = path.join(temporaryFolder(), 'disc.iso')
  const bytes = Buffer.from(buildIso([{ name: 'A.TXT;1', data: 'a' }]).bytes)
  fs.writeFileSync(image, bytes)
  expect(lostOf(image, 0)).toBe('')
  bytes.write('a loader of another machine', 1000)
  fs.writeFileSync(image, bytes)
  expect(lostOf(image, 1)).toContain('The system area of “disc.iso”')
})

itWith('xorriso', 'and the sessions, and what lies behind the volume; one with a session more keeps them', () => {
  const image = path.join(temporaryFolder(), 'sessions.iso')
  const bytes = sampleImage('sessions.iso.zst')
  fs.writeFileSync(image, Buffer.concat([bytes, Buffer.alloc(1_000_000, 'behind')]))
  const lost = lostOf(image, 1)
  expect(lost).toMatch(/“.*session 1\)”.* is not in the new image\./)
  expect(lost).toMatch(/[\d.]+ MB lie behind the volume of “sessions\.iso”, and are not in the new image\./)
  expect(lostOf(image, 0, '--append')).not.toMatch(/session 1|behind the volume/)
})
