import fs from 'node:fs'
import path from 'node:path'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { UNCONTROLLED } from '../../../src-main/task'
import { extract } from '../../../src-main/extract/extract'
import { isSumListName } from '../../../src-main/image/sums/list-names'
import { parseSums } from '../../../src-main/image/sums/sum-lines'
import { findSums, readSumLists } from '../../../src-main/image/sums/sums'
import { openBytes } from '../../images/open-bytes'
import { FileByteSource } from '../../../src-main/files/file-byte-source'
import { openImage } from '../../../src-main/image'
import type { EntryOutcome } from '../../../src-shared/model'
import { buildIso, nm, SP } from '../../images/iso-builder'
import { temporaryFolder } from '../support'

const md5 = (data: string | Uint8Array): string => createHash('md5').update(data).digest('hex')

async function extractWith(sums: string, attributes = {}): Promise<{ out: string; outcomes: EntryOutcome[] }> {
  const folder = temporaryFolder()
  const file = path.join(folder, 'disc.iso')
  const holes = new Uint8Array(3_000_000)
  holes.set([1, 2, 3], 1_000_000)
  const { bytes } = buildIso(
    [
      { name: 'MD5SUM.TXT;1', data: sums, use: nm('md5sum.txt') },
      { name: 'SMALL.TXT;1', data: 'small', use: nm('small.txt') },
      { name: 'LARGE.BIN;1', data: holes, use: nm('large.bin') },
    ],
    { rootUse: SP },
  )
  fs.writeFileSync(file, bytes)
  const source = FileByteSource.open(file)
  const image = await openImage(source, { name: 'disc.iso' })
  const outcomes: EntryOutcome[] = []
  const out = path.join(folder, 'out')
  await extract({
    table: await image.view(image.info.defaultViewId).readTree(),
    selection: { paths: null },
    layout: { kind: 'full' },
    destination: out,
    conflicts: 'fail',
    control: UNCONTROLLED,
    attributes,
    onOutcome: (outcome) => outcomes.push(outcome),
  })
  await image.close()
  source.close()
  return { out, outcomes }
}

describe('sums that the image carries', () => {
  it('are read as distributions write them', () => {
    const hex = md5('x')
    const text = `# comment\n${hex}  ./a/b.txt\n${hex.toUpperCase()} *c\r\nnot a line\n${hex.slice(1)}  short\n`
    expect(parseSums(text).lines).toEqual([
      { algorithm: 'md5', hex, path: './a/b.txt' },
      { algorithm: 'md5', hex, path: 'c' },
    ])
    for (const name of ['MD5SUMS', 'SHA256SUMS', 'CHECKSUMS', 'CHECKSUMS.md5', 'SHA512', 'MANIFEST', 'md5sum.txt'])
      expect(isSumListName(name)).toBe(true)
    for (const name of ['README', 'md5.c', 'checksums.html', 'manifest.json']) expect(isSumListName(name)).toBe(false)
  })

  it('are read in the BSD form, in OpenSSL’s and escaped', () => {
    const hex = createHash('sha256').update('x').digest('hex')
    const text = `SHA256 (a (1).txt) = ${hex}\nSHA2-256(b)= ${hex}\n\\${hex}  we\\\\ird\\nname\n\\SHA256 (c\\\\d) = ${hex}\n`
    expect(parseSums(text).lines.map(({ path }) => path)).toEqual(['a (1).txt', 'b', 'we\\ird\nname', 'c\\d'])
  })

  it('are read in lists with CRC-32, in signed ones, and with more blanks than usual', () => {
    const hex = createHash('sha256').update('x').digest('hex')
    expect(parseSums('; made by a program\r\nsub\\a b.bin 0123ABCD\r\n', 'x.sfv').lines).toEqual([
      { algorithm: 'crc32', hex: '0123abcd', path: 'sub\\a b.bin' },
    ])
    expect(parseSums(`SHA256  (a)  =  ${hex}\n`).lines).toEqual([{ algorithm: 'sha256', hex, path: 'a' }])
    for (const name of ['x.sfv', 'SHA256SUMS.asc', 'SHA256SUMS.gpg']) expect(isSumListName(name)).toBe(true)
  })

  it.each([
    ['X.SFV', (text: string) => Buffer.from(text), 'ONE.TXT 6f8b1a2c'],
    ['SHA256SUMS.ASC', (text: string) => Buffer.from(text), `${'0'.repeat(64)}  ONE.TXT`],
    ['MD5SUMS', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), `${'0'.repeat(32)}  ONE.TXT`],
    ['.TREEINFO', (text: string) => Buffer.from(text), `[checksums]\nONE.TXT = md5:${'0'.repeat(32)}`],
  ])('are compared while extracting: %s', async (name, encode, line) => {
    const { bytes } = buildIso([
      { name: 'ONE.TXT;1', data: 'one' },
      { name: `${name};1`, data: Uint8Array.from(encode(`${line}\n`)) },
    ])
    const table = await (await openBytes(bytes)).view('iso9660').readTree()
    const sums = await findSums(table)
    expect([...sums].map(([index, sum]) => [table.pathOf(index), sum.from])).toEqual([['ONE.TXT', name]])
  })

  it('are missed in no signature that lies beside a list', async () => {
    const signature = '-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n'
    const { bytes } = buildIso([{ name: 'SHA256SUMS.GPG;1', data: signature }])
    expect(await readSumLists(await (await openBytes(bytes)).view('iso9660').readTree())).toEqual([])
  })

  it('are read with one blank, and alone in a list that is named after its file', () => {
    const hex = md5('x')
    expect(parseSums(`${hex} a\n`).lines).toEqual([{ algorithm: 'md5', hex, path: 'a' }])
    expect(parseSums(`${hex}\n`, 'root.img.md5').lines).toEqual([{ algorithm: 'md5', hex, path: 'root.img' }])
    expect(parseSums(`${hex}\n`, 'MD5SUMS').notUnderstood.count).toBe(1)
  })

  it('are found in folders, in UTF-16 and in any case, and lists of other things are left alone', async () => {
    const list = `${md5('one')}  ONE.TXT\r\n`
    const { bytes } = buildIso(
      [
        {
          name: 'SUB',
          use: nm('sub'),
          children: [
            { name: 'MD5SUM.TXT;1', data: Buffer.from(`\ufeff${list}`, 'utf16le'), use: nm('md5sum.txt') },
            { name: 'ONE.TXT;1', data: 'one', use: nm('one.txt') },
          ],
        },
        {
          name: 'TOFETCH',
          use: nm('tofetch'),
          children: [{ name: 'MD5SUMS;1', data: `${md5('a')}  a\n${md5('b')}  b\n`, use: nm('MD5SUMS') }],
        },
      ],
      { rootUse: SP },
    )
    const image = await openBytes(bytes)
    const table = await image.view(image.info.defaultViewId).readTree()
    expect((await readSumLists(table)).map(({ path, lines }) => [path, lines.map((line) => line.path)])).toEqual([
      ['sub/md5sum.txt', ['sub/one.txt']],
    ])
  })

  it('are never taken for none where a line with a sum is not understood', () => {
    const hex = md5('x')
    expect(parseSums(`${hex}:file\nMD5 file ${hex}\nSHA256 (f) = ${hex}\n`)).toMatchObject({
      lines: [],
      notUnderstood: { count: 3, first: `${hex}:file` },
    })
  })

  it('are checked while the bytes are written, small or large', async () => {
    const { outcomes } = await extractWith(`${md5('small')}  ./small.txt\n${md5('not this')}  ./large.bin\n`)
    expect(Object.fromEntries(outcomes.map((outcome) => [outcome.path, outcome.code ?? outcome.status]))).toEqual({
      'md5sum.txt': 'written',
      'small.txt': 'written',
      'large.bin': 'SUM_MISMATCH',
    })
    const other = await extractWith(`${md5('not this')}  small.txt\n`)
    const small = other.outcomes.find((outcome) => outcome.path === 'small.txt')
    expect(small).toMatchObject({
      status: 'partial',
      code: 'SUM_MISMATCH',
      message: expect.stringContaining('md5sum.txt') as string,
    })
    // What is there is kept: it may be the list that is wrong.
    expect(fs.readFileSync(path.join(other.out, 'small.txt'), 'utf8')).toBe('small')
  })
})

describe('runs of zeros', () => {
  it('become holes when asked for, and read the same', async () => {
    const plain = await extractWith('')
    const sparse = await extractWith('', { sparse: true })
    const [whole, holed] = [plain.out, sparse.out].map((out) => path.join(out, 'large.bin')) as [string, string]
    expect(fs.readFileSync(holed).equals(fs.readFileSync(whole))).toBe(true)
    expect(fs.statSync(holed).blocks).toBeLessThan(fs.statSync(whole).blocks / 10)
  })
})
