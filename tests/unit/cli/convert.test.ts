import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { wrongCodewords } from '../../images/cd-parity'
import { edc } from '../../images/cd-sectors'
import { itWith, run } from '../desktop/programs'
import { SAMPLE, temporaryFolder } from '../support'
import { isolde } from './command-line'

const RAW = 2352
let folder: string
beforeEach(() => (folder = temporaryFolder()))

const at = (name: string): string => path.join(folder, name)
const sha256 = (file: string): string => createHash('sha256').update(fs.readFileSync(file)).digest('hex')

describe('convert to a .bin and its .cue', () => {
  it('writes both, whichever is named, and every sector has its address, its sum and its parity', () => {
    for (const name of ['a.cue', 'b.bin']) expect(isolde(['convert', SAMPLE, at(name)]).status).toBe(0)
    expect(fs.readdirSync(folder).sort()).toEqual(['a.bin', 'a.cue', 'b.bin', 'b.cue'])
    const bytes = fs.readFileSync(at('a.bin'))
    const image = fs.readFileSync(SAMPLE)
    expect(bytes.byteLength / RAW).toBe(image.byteLength / 2048)
    for (let sector = 0; sector * RAW < bytes.byteLength; sector++) {
      const raw = bytes.subarray(sector * RAW, (sector + 1) * RAW)
      expect(raw.subarray(16, 2064).equals(image.subarray(sector * 2048, (sector + 1) * 2048))).toBe(true)
      expect([...raw.subarray(2064, 2068)]).toEqual(edc(raw.subarray(0, 2064)))
      const frame = sector + 150
      expect(raw.toString('hex', 12, 16)).toBe(
        `${['00', String(Math.floor(frame / 75)), String(frame % 75)].map((each) => each.padStart(2, '0')).join('')}01`,
      )
      if (sector % 16 === 0) expect(wrongCodewords(raw)).toBe(0)
    }
  })

  it('is read again as what it was made of, and passes its own sums', () => {
    expect(isolde(['convert', SAMPLE, at('a.cue')]).status).toBe(0)
    expect(isolde(['convert', at('a.cue'), at('back.iso')]).status).toBe(0)
    expect(sha256(at('back.iso'))).toBe(sha256(SAMPLE))
    expect(isolde(['verify', at('a.cue')]).status).toBe(0)
  })

  itWith('cd-info', 'is a data track of mode 1 to another reader', () => {
    expect(isolde(['convert', SAMPLE, at('a.cue')]).status).toBe(0)
    const said = run('cd-info', [`--cue-file=${at('a.cue')}`, '--no-device-info'])
    expect(said).toContain('CD-DATA (Mode 1)')
    expect(said).toContain('label `Isolde Sample')
  })

  it('refuses what a CD cannot number, and leaves nothing', () => {
    fs.closeSync(fs.openSync(at('large.iso'), 'w'))
    fs.copyFileSync(SAMPLE, at('large.iso'))
    fs.truncateSync(at('large.iso'), 450_000 * 2048)
    const { status, stderr } = isolde(['convert', at('large.iso'), at('large.bin')])
    expect(stderr).toContain('a CD numbers 449,850 at most')
    expect(status).toBe(4)
    expect(fs.readdirSync(folder)).toEqual(['large.iso'])
  })

  it('writes neither where one of the two names is taken', () => {
    fs.writeFileSync(at('a.bin'), 'mine')
    expect(isolde(['convert', SAMPLE, at('a.cue')]).status).toBe(4)
    expect(fs.readdirSync(folder)).toEqual(['a.bin'])
    expect(fs.readFileSync(at('a.bin'), 'utf8')).toBe('mine')
  })
})

describe('convert --split', () => {
  it('writes parts that are read, and joined, as one', () => {
    expect(isolde(['convert', SAMPLE, at('a.iso'), '--split', '50K']).status).toBe(0)
    expect(fs.readdirSync(folder)).toEqual(['a.iso.001', 'a.iso.002', 'a.iso.003'])
    const { byteLength } = fs.readFileSync(SAMPLE)
    expect(fs.readdirSync(folder).map((name) => fs.statSync(at(name)).size)).toEqual([
      51_200,
      51_200,
      byteLength - 102_400,
    ])
    expect(isolde(['list', at('a.iso.001')]).stdout).toBe(isolde(['list', SAMPLE]).stdout)
    expect(isolde(['convert', at('a.iso.001'), at('whole.iso')]).status).toBe(0)
    expect(sha256(at('whole.iso'))).toBe(sha256(SAMPLE))
  })

  it('writes one part where one is enough', () => {
    expect(isolde(['convert', SAMPLE, at('a.iso'), '--split', '4G']).status).toBe(0)
    expect(fs.readdirSync(folder)).toEqual(['a.iso.001'])
    expect(sha256(at('a.iso.001'))).toBe(sha256(SAMPLE))
  })

  it('never replaces a part, and leaves none of the others then', () => {
    fs.writeFileSync(at('a.iso.002'), 'mine')
    expect(isolde(['convert', SAMPLE, at('a.iso'), '--split', '50K']).status).toBe(4)
    expect(fs.readdirSync(folder)).toEqual(['a.iso.002'])
  })

  it.each([
    [['a.iso', '--split', '10'], 2, 'there are names for 999'],
    [['a.iso', '--split', '0'], 2, '--split takes a length'],
    [['a.iso', '--split', 'some'], 2, '--split takes a length'],
    [['a.cue', '--split', '1M'], 2, '--split makes parts of a plain image'],
    [['-', '--split', '1M'], 2, '--split makes parts of a plain image'],
  ])('says in a sentence why not: %j', (args, status, sentence) => {
    const ran = isolde(['convert', SAMPLE, ...args], { cwd: folder })
    expect(ran).toMatchObject({ status, stderr: expect.stringContaining(sentence) as string })
    expect(fs.readdirSync(folder)).toEqual([])
  })
})

it('writes no other session than the one that is shown, and says so', () => {
  const sessions = at('sessions.iso')
  fs.writeFileSync(sessions, zstdDecompressSync(fs.readFileSync('tests/images/sessions.iso.zst')))
  const { rows } = isolde(['info', sessions, '--json'])
  const earlier = (rows[0]?.views as { id: string }[]).find(({ id }) => id.includes('@'))?.id ?? ''
  expect(earlier).not.toBe('')
  const { status, stderr } = isolde(['convert', sessions, at('out.iso'), '--view', earlier])
  expect(status).toBe(2)
  expect(stderr).toContain(`For the files of “${earlier}” alone, use --as iso.`)
  expect(fs.existsSync(at('out.iso'))).toBe(false)
})

describe('convert of an archive of files', () => {
  it('makes an .iso of its files, and of its bytes only where that is asked for', () => {
    const archive = at('install.esd')
    fs.writeFileSync(archive, zstdDecompressSync(fs.readFileSync('tests/images/wim/install.esd.zst')))
    expect(isolde(['convert', archive, at('a.iso')]).status).toBe(0)
    const files = (...args: string[]) =>
      isolde(['list', ...args])
        .stdout.split('\n')
        .sort()
    expect(files(at('a.iso'))).toEqual(files(archive))
    expect(isolde(['convert', archive, at('b.iso'), '--as', 'blocks']).status).toBe(0)
    expect(sha256(at('b.iso'))).toBe(sha256(archive))
    expect(isolde(['convert', archive, at('copy.esd')]).status).toBe(0)
    expect(isolde(['convert', archive, at('c.iso'), '--split', '1K'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('become one .iso') as string,
    })
  })
})
