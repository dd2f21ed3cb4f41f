import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { buildUdf } from '../../images/udf-builder'
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
