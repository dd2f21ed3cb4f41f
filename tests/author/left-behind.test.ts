import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
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

itWith('xorriso', 'and the sessions, and what lies behind the volume; one with a session more keeps them', () => {
  const image = path.join(temporaryFolder(), 'sessions.iso')
  const bytes = sampleImage('sessions.iso.zst')
  fs.writeFileSync(image, Buffer.concat([bytes, Buffer.alloc(1_000_000, 'behind')]))
  const lost = lostOf(image, 1)
  expect(lost).toMatch(/“.*session 1\)”.* is not in the new image\./)
  expect(lost).toMatch(/[\d.]+ MB lie behind the volume of “sessions\.iso”, and are not in the new image\./)
  expect(lostOf(image, 0, '--append')).not.toMatch(/session 1|behind the volume/)
})
