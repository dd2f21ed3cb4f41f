import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { imageSumOf, imageSumsIn, maySumImage } from '../../../src-main/image/sums/image-sums'
import { buildIso } from '../../images/iso-builder'
import { isolde } from './command-line'
import { temporaryFolder } from '../support'

const { bytes } = buildIso([{ name: 'ONE.TXT;1', data: 'one' }])
const sumOf = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex')
const WRONG = '0'.repeat(64)

let folder: string
let image: string
beforeEach(() => {
  folder = temporaryFolder()
  image = path.join(folder, 'x.iso')
  fs.writeFileSync(image, bytes)
})

const put = (name: string, text: string): void => {
  fs.writeFileSync(path.join(folder, name), text)
}

describe('isolde verify', () => {
  beforeAll(() => {
    expect(sumOf('sha256')).not.toBe(WRONG)
  })

  it.each([
    ['x.iso.sha256', () => `${sumOf('sha256')}  x.iso\n`],
    ['x.iso.md5', () => `${sumOf('md5')}\n`],
    ['x.sha512', () => `${sumOf('sha512')} *x.iso\r\n`],
    ['SHA256SUMS', () => `${WRONG}  y.iso\n${sumOf('sha256')}  ./images/x.iso\n`],
    ['Some-39-CHECKSUM', () => `# x.iso: 1 bytes\nSHA256 (x.iso) = ${sumOf('sha256')}\n`],
    [
      'x.iso.DIGESTS',
      () =>
        `# BLAKE2B HASH\n${sumOf('blake2b512')}  x.iso\n# WHIRLPOOL HASH\n${'1'.repeat(128)}  x.iso\n# SHA512 HASH\n${sumOf('sha512')}  x.iso\n`,
    ],
    ['B2SUMS', () => `${sumOf('blake2b512')}  x.iso\n`],
    ['x.iso.b2', () => `${sumOf('blake2b512')}\n`],
  ])('compares the file with what lies beside it: %s', (name, list) => {
    put(name, list())
    const right = isolde(['verify', '--json', image])
    expect(right.status).toBe(0)
    expect(right.stdout).toContain('"kind":"image-sum","verdict":"passed"')
    fs.appendFileSync(image, 'more')
    const wrong = isolde(['verify', '--json', image])
    expect([wrong.status, wrong.stdout.includes('"kind":"image-sum","verdict":"failed"')]).toEqual([1, true])
    expect(isolde(['verify', '--json', '--no-beside', image]).stdout).not.toContain('image-sum')
  })

  it('takes a lone sum in a list that is named after it, whatever name that knows', () => {
    put('x.iso.sha256', `${sumOf('sha256')}  before-it-was-renamed.iso\n`)
    const right = isolde(['verify', image])
    expect([right.status, right.stdout.includes('it is called “before-it-was-renamed.iso”')]).toEqual([0, true])
    put('x.iso.sha256', `${WRONG}  before-it-was-renamed.iso\n`)
    expect(isolde(['verify', image]).status).toBe(1)
  })

  it.each([
    ['x.iso.sha256', ''],
    ['x.iso.md5', 'garbage\n'],
    ['x.iso.torrent', 'd4:infod6:lengthi-5e4:name5:x.isoee'],
    ['x.iso.meta4', '<metalink><file name="x.iso"><size>'],
  ])('says so where what is named after it says nothing of it: %s', (name, text) => {
    put(name, text)
    const said = isolde(['verify', image])
    expect([said.status, said.stdout.includes(`“${name}”`)]).toEqual([1, true])
    expect(isolde(['verify', '--no-beside', image]).status).toBe(0)
  })

  it('reads a list of very many files to its end', () => {
    const others = Array.from(
      { length: 100_000 },
      (_, at) => `${at.toString(16).padStart(64, '0')}  f${at}.iso\n`,
    ).join('')
    for (const [before, behind] of [
      ['', others],
      [others, ''],
    ] as const) {
      put('SHA256SUMS', `${before}${sumOf('sha256')}  x.iso\n${behind}`)
      const right = isolde(['verify', '--json', image])
      expect([right.status, right.stdout.includes('"kind":"image-sum","verdict":"passed"')]).toEqual([0, true])
      put('SHA256SUMS', `${before}${WRONG}  x.iso\n${behind}`)
      expect(isolde(['verify', '--json', image]).status).toBe(1)
    }
  })

  it('keeps to the heading of a part that is long', () => {
    const others = `${'1'.repeat(128)}  other.iso\n`.repeat(40_000)
    put('x.iso.DIGESTS', `# BLAKE2B HASH\n${others}${sumOf('blake2b512')}  x.iso\n`)
    const { status, stdout } = isolde(['verify', '--json', image])
    expect([status, stdout.includes('blake2b512 sum in “x.iso.DIGESTS”')]).toEqual([0, true])
  })

  it('says so where a list is too long to be read', () => {
    put('SHA256SUMS', '')
    fs.truncateSync(path.join(folder, 'SHA256SUMS'), (128 << 20) + 1)
    const { status, stdout } = isolde(['verify', image])
    expect([status, stdout.includes('“SHA256SUMS” lies beside the image and is too long')]).toEqual([1, true])
  })

  it('takes a sum, or a list of them, and says what is neither', () => {
    expect(isolde(['verify', '--sum', `SHA256: ${sumOf('sha256').toUpperCase()}`, image]).status).toBe(0)
    expect(isolde(['verify', '--sum', WRONG, image]).status).toBe(1)
    put('list.txt', `${sumOf('sha1')}  x.iso\n`)
    const listed = isolde(['verify', '--sum', path.join(folder, 'list.txt'), image])
    expect([listed.status, listed.stdout]).toEqual([0, expect.stringContaining('sha1 sum in “list.txt”')])
    const neither = isolde(['verify', '--sum', 'abc', image])
    expect([neither.status, neither.stderr]).toEqual([2, expect.stringContaining('neither')])
  })

  it('answers for several images, a line each, and for one that is none', () => {
    const other = path.join(folder, 'y.iso')
    fs.writeFileSync(other, bytes)
    put('SHA256SUMS', `${sumOf('sha256')}  x.iso\n${WRONG}  y.iso\n`)
    const { status, stdout } = isolde(['verify', '--json', image, other])
    expect(status).toBe(1)
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { path: string; verdict: string }).verdict),
    ).toEqual(['passed', 'failed'])
    const missing = isolde(['verify', image, path.join(folder, 'gone.iso')])
    expect([missing.status, missing.stderr]).toEqual([4, expect.stringContaining('gone.iso')])
  })
})

describe('a list beside an image', () => {
  it('is one by its name', () => {
    for (const name of [
      'x.iso.md5',
      'x.sha256',
      'x.iso.sha256.txt',
      'MD5SUMS',
      'CHECKSUM',
      'F-CHECKSUM',
      'x.iso.DIGESTS',
    ])
      expect([name, maySumImage(name, 'x.iso')]).toEqual([name, true])
    for (const name of ['x.iso', 'x.iso.asc', 'notes.txt', 'xy.txt']) expect(maySumImage(name, 'x.iso')).toBe(false)
  })

  it('knows an image by the name that it had before it was copied', () => {
    const list = `${WRONG}  x.iso\n`
    expect(imageSumsIn(list, 'SHA256SUMS', 'x (1).iso')).toMatchObject([{ hex: WRONG, listedAs: 'x.iso' }])
    expect(imageSumsIn(list, 'SHA256SUMS', 'other.iso')).toEqual([])
  })

  it('is not needed where somebody has the sum itself', () => {
    expect(imageSumOf(` ${'A'.repeat(32)}\n`)).toMatchObject({ algorithm: 'md5', hex: 'a'.repeat(32) })
    expect(imageSumOf('sha512=' + 'b'.repeat(128))).toMatchObject({ algorithm: 'sha512' })
    for (const none of ['', 'g'.repeat(32), '1'.repeat(31), '12345678']) expect(imageSumOf(none)).toBeNull()
  })
})
