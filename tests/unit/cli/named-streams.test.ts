import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { buildUdf } from '../../images/udf-builder'
import { isInstalled, itWith, run } from '../desktop/programs'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

const text = (value: string): Uint8Array => Buffer.from(value)

function discWithStreams(folder: string): string {
  const image = path.join(folder, 'disc.iso')
  const streams = [{ name: 'Zone.Identifier', data: text('[ZoneTransfer]') }]
  fs.writeFileSync(
    image,
    buildUdf([
      { name: 'f', data: text('data'), streams },
      { name: 'g', data: text('x') },
    ]).bytes,
  )
  return image
}

it('extract says what files have beside their content that it leaves out', () => {
  const folder = temporaryFolder()
  const image = discWithStreams(folder)
  const extracted = isolde(['extract', image, '--to', path.join(folder, 'out')])
  expect([extracted.status, extracted.stderr]).toEqual([0, expect.stringMatching(/: 1 file has named streams or /)])
  expect(isolde(['extract', image, '--to', path.join(folder, 'other'), '--quiet']).stderr).toBe('')
})

it('so do those that copy the files into another image', () => {
  const folder = temporaryFolder()
  const image = discWithStreams(folder)
  const converted = isolde(['convert', image, path.join(folder, 'files.iso'), '--as', 'iso'])
  expect([converted.status, converted.stderr]).toEqual([1, expect.stringMatching(/: 1 file has named streams or /)])
  const edited = isolde(['edit', image, '--to', path.join(folder, 'edited.iso'), '--rename', 'g=h'])
  expect(edited.stderr).toMatch(/1 file has named streams or /)
})

it('streams are files of their own for every way out that is asked for them', () => {
  const folder = temporaryFolder()
  const image = discWithStreams(folder)
  const stream = '[ZoneTransfer]'
  expect(isolde(['list', image, '--streams']).stdout.split('\n')).toContain('f:Zone.Identifier')
  expect(isolde(['cat', image, 'f:Zone.Identifier', '--streams']).stdout).toBe(stream)
  const sum = crypto.createHash('sha256').update(stream).digest('hex')
  expect(isolde(['hash', image, '--streams']).stdout).toContain(`${sum}  f:Zone.Identifier`)
  const out = path.join(folder, 'out')
  const extracted = isolde(['extract', image, '--to', out, '--streams'])
  expect([extracted.status, extracted.stderr]).toEqual([0, ''])
  expect(fs.readFileSync(path.join(out, 'f:Zone.Identifier'), 'utf8')).toBe(stream)
})

itWith(isInstalled('ntfscp') ? 'wimlib-imagex' : 'ntfscp', 'those of NTFS and of a Windows image of it', () => {
  const folder = temporaryFolder()
  const at = (name: string): string => path.join(folder, name)
  const [disk, wim] = [at('disk.img'), at('disk.wim')]
  fs.writeFileSync(disk, '')
  fs.truncateSync(disk, 4 << 20)
  fs.writeFileSync(at('short'), 'short')
  fs.writeFileSync(at('long'), crypto.randomBytes(200_000))
  run('mkntfs', ['-F', '-Q', '-q', disk])
  run('ntfscp', [disk, at('short'), 'a.txt'])
  for (const name of ['short', 'long']) run('ntfscp', ['-N', name, disk, at(name), 'a.txt'])
  run('wimlib-imagex', ['capture', disk, wim])
  const sum = (name: string): string =>
    crypto
      .createHash('sha256')
      .update(fs.readFileSync(at(name)))
      .digest('hex')
  const expected = [`${sum('short')}  a.txt`, `${sum('long')}  a.txt:long`, `${sum('short')}  a.txt:short`, '']
  for (const image of [disk, wim]) expect(isolde(['hash', image, '--streams']).stdout.split('\n')).toEqual(expected)
})
