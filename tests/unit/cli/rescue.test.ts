import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { namedIso } from '../../images/named-iso'
import { noise } from '../rescue/noise'
import { temporaryFolder } from '../support'
import { isolde, type Ran } from './command-line'

const SECTOR = 2048
const FIRST = Buffer.from(noise(20 * SECTOR, 11))
const SECOND = Buffer.from(noise(5 * SECTOR, 12))

let folder: string
let disc: string
let bytes: Uint8Array
beforeEach(() => {
  folder = temporaryFolder()
  disc = path.join(folder, 'disc.iso')
  bytes = namedIso({ 'first.bin': FIRST, 'second.bin': SECOND })
  fs.writeFileSync(disc, bytes)
})

function placeOf(content: Buffer): number {
  return Buffer.from(bytes).indexOf(content)
}

/** The image with zeros instead of some sectors of its first file, and a map of ddrescue that says so. */
function withHole(first: number, count: number): { start: number; length: number } {
  const start = placeOf(FIRST) + first * SECTOR
  const length = count * SECTOR
  const damaged = Buffer.from(bytes)
  damaged.fill(0, start, start + length)
  fs.writeFileSync(disc, damaged)
  const end = bytes.byteLength - start - length
  fs.writeFileSync(`${disc}.map`, `# Mapfile\n0x0 ?\n0 ${start} +\n${start} ${length} -\n${start + length} ${end} +\n`)
  return { start, length }
}

const at = (name: string): string => path.join(folder, name)

describe('isolde rescue', () => {
  it('saves all of a whole image, and exits 0', () => {
    const { status, rows } = isolde(['rescue', disc, '--to', at('out'), '--json'])
    expect(status).toBe(0)
    expect(rows).toMatchObject([
      { path: 'first.bin', byteLength: FIRST.byteLength, status: 'whole', from: 'rock-ridge', holes: [] },
      { path: 'second.bin', status: 'whole' },
      { summary: true, whole: 2, proven: 0, partial: 0, lost: 0 },
    ])
    expect(fs.readFileSync(at('out/first.bin')).equals(FIRST)).toBe(true)
    expect(fs.readdirSync(at('out')).sort()).toEqual(['first.bin', 'rescue.html', 'rescue.json', 'second.bin'])
  })

  it('names each loss, on the screen and in its reports, and exits 1', () => {
    withHole(3, 2)
    const { status, stdout } = isolde(['rescue', disc, '--to', at('out')])
    expect(status).toBe(1)
    expect(stdout).toContain(`PARTIAL  first.bin: ${2 * SECTOR} of its ${FIRST.byteLength} bytes cannot be read.`)
    expect(stdout).toContain('1 of 2 files are all there (0 proven), 1 in part, 0 lost.')
    const report = JSON.parse(fs.readFileSync(at('out/rescue.json'), 'utf8')) as { losses: unknown }
    expect(report.losses).toMatchObject([{ path: 'first.bin', holes: [[3 * SECTOR, 2 * SECTOR]] }])
    expect(fs.readFileSync(at('out/rescue.html'), 'utf8')).toContain('first.bin')
    const expected = Buffer.from(FIRST)
    expected.fill(0, 3 * SECTOR, 5 * SECTOR)
    expect(fs.readFileSync(at('out/first.bin')).equals(expected)).toBe(true)
  })

  it('writes nothing for a plan', () => {
    withHole(3, 2)
    const before = fs.readdirSync(folder).sort()
    expect(isolde(['rescue', disc, '--plan']).status).toBe(1)
    expect(isolde(['rescue', disc, '--plan', '--to', at('out')]).status).toBe(1)
    expect(fs.readdirSync(folder).sort()).toEqual(before)
  })

  it.each([
    [[], 'Say where to'],
    [['--to', 'a', '--image', 'b'], 'two different things'],
    [['--to', 'a', '--partial', 'half'], '--partial takes'],
  ])('is wrong usage with %j', (options, sentence) => {
    const { status, stderr } = isolde(['rescue', disc, ...options])
    expect(status).toBe(2)
    expect(stderr).toContain(sentence)
  })

  it('exits 3 where there is nothing to save, and 4 where the world says no', () => {
    fs.writeFileSync(at('noise.iso'), noise(100 * SECTOR, 77))
    fs.writeFileSync(at('empty.iso'), '')
    expect(isolde(['rescue', at('noise.iso'), '--plan'])).toMatchObject({ status: 3 })
    expect(isolde(['rescue', at('empty.iso'), '--plan'])).toMatchObject({ status: 3 })
    expect(isolde(['rescue', at('none.iso'), '--plan'])).toMatchObject({ status: 4 })
    fs.mkdirSync(at('taken'))
    fs.writeFileSync(at('taken/first.bin'), 'mine')
    const { status, stderr } = isolde(['rescue', disc, '--to', at('taken')])
    expect(status).toBe(4)
    expect(stderr).toContain('already exists')
    expect(fs.readdirSync(at('taken'))).toEqual(['first.bin'])
  })

  it('refuses what is brought along for another image, in a sentence each', () => {
    const other = namedIso({ 'other.bin': Buffer.from(noise(40 * SECTOR, 5)) })
    fs.writeFileSync(at('other.iso'), other)
    isolde(['protect', at('other.iso')])
    fs.writeFileSync(at('short.map'), '0 +\n0 100 +\n')
    fs.writeFileSync(at('over.map'), `0 +\n0 100 +\n50 ${bytes.byteLength} +\n`)
    const cases: [string[], string][] = [
      [['--with', at('other.iso')], 'is a copy of another image'],
      [['--ecc', at('other.ecc')], 'is the error correction of another image'],
      [['--ecc', at('other.iso')], 'holds no error correction'],
      [['--map', at('short.map')], 'it is one of another image'],
      [['--map', at('over.map')], 'lies over the one before it'],
      [['--map', at('none.map')], "doesn't exist"],
    ]
    for (const [options, sentence] of cases) {
      const { status, stderr } = isolde(['rescue', disc, '--plan', ...options])
      expect([status, stderr]).toEqual([4, expect.stringContaining(sentence)])
      expect(stderr.trim().split('\n')).toHaveLength(1)
    }
  })

  it('makes one whole image of two damaged ones', () => {
    const copy = Buffer.from(bytes)
    copy.fill(0, placeOf(SECOND), placeOf(SECOND) + SECTOR)
    fs.writeFileSync(at('copy.iso'), copy)
    withHole(0, 20)
    expect(isolde(['rescue', disc, '--with', at('copy.iso'), '--image', at('whole.iso')])).toMatchObject({ status: 0 })
    expect(fs.readFileSync(at('whole.iso')).equals(Buffer.from(bytes))).toBe(true)
    expect(isolde(['rescue', disc, '--image', at('whole.iso')])).toMatchObject({ status: 4 })
    expect(isolde(['rescue', disc, '--image', at('half.iso')])).toMatchObject({ status: 1 })
  })
})

function checksOf({ rows }: Ran): unknown[] {
  const { checks } = rows[0] as { checks: { kind: string; verdict: string; path?: string }[] }
  return checks.map(({ kind, verdict, path: own }) => [kind, verdict, own])
}

describe('isolde protect', () => {
  it('writes what the image is mended and verified by', () => {
    expect(isolde(['protect', disc, '--redundancy', '100', '--json'])).toMatchObject({
      status: 0,
      rows: [{ path: at('disc.ecc'), eccLayers: 128 }],
    })
    const passed = isolde(['verify', disc, '--json'])
    expect(passed.status).toBe(0)
    expect(checksOf(passed)).toContainEqual(['dvdisaster', 'passed', undefined])
    withHole(3, 2)
    fs.rmSync(`${disc}.map`)
    const failed = isolde(['verify', disc, '--json'])
    expect(failed.status).toBe(1)
    expect(checksOf(failed)).toContainEqual(['dvdisaster', 'failed', 'first.bin'])
    expect(isolde(['verify', disc, '--no-beside'])).toMatchObject({ status: 0 })
    const { status, rows } = isolde(['rescue', disc, '--to', at('out'), '--json'])
    expect(status).toBe(0)
    expect(rows).toMatchObject([{ status: 'proven' }, { status: 'proven' }, { proven: 2 }])
    expect(fs.readFileSync(at('out/first.bin')).equals(FIRST)).toBe(true)
  })

  it('makes error correction anew only for who asks for it, and takes no other file’s place', () => {
    expect(isolde(['protect', disc])).toMatchObject({ status: 0 })
    const first = fs.readFileSync(at('disc.ecc'))
    withHole(3, 2)
    const refused = isolde(['protect', disc])
    expect(refused).toMatchObject({ status: 4, stderr: expect.stringContaining('--replace') as string })
    expect(fs.readFileSync(at('disc.ecc')).equals(first)).toBe(true)
    expect(isolde(['protect', disc, '--replace'])).toMatchObject({ status: 0 })
    expect(fs.readFileSync(at('disc.ecc')).equals(first)).toBe(false)
    fs.writeFileSync(at('other.ecc'), 'mine')
    expect(isolde(['protect', disc, '--to', at('other.ecc'), '--replace'])).toMatchObject({ status: 4 })
    expect(fs.readFileSync(at('other.ecc'), 'utf8')).toBe('mine')
  })

  it('replaces nothing, and leaves the image as it is', () => {
    const sum = createHash('sha256').update(fs.readFileSync(disc)).digest('hex')
    fs.writeFileSync(at('disc.ecc'), 'mine')
    expect(isolde(['protect', disc])).toMatchObject({ status: 4 })
    expect(fs.readFileSync(at('disc.ecc'), 'utf8')).toBe('mine')
    expect(isolde(['protect', disc, '--to', at('x.ecc'), '--redundancy', '0'])).toMatchObject({ status: 2 })
    expect(isolde(['protect', at('none.iso')])).toMatchObject({ status: 4 })
    expect(createHash('sha256').update(fs.readFileSync(disc)).digest('hex')).toBe(sum)
  })
})
