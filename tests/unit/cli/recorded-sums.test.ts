import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { buildIso } from '../../images/iso-builder'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

it('every way out of an image compares what it gives with the sums that the image carries', () => {
  const folder = temporaryFolder()
  const image = path.join(folder, 'disc.iso')
  const list = `${sha256('well')}  DIR/WELL.TXT\n${sha256('as it was')}  DIR/OTHER.TXT\n`
  const { bytes } = buildIso([
    {
      name: 'DIR',
      children: [
        { name: 'OTHER.TXT;1', data: 'as it is' },
        { name: 'WELL.TXT;1', data: 'well' },
      ],
    },
    { name: 'SHA256SUMS.;1', data: list },
  ])
  fs.writeFileSync(image, bytes)
  const sentence = 'do not give the sha256 sum that “SHA256SUMS” on the image says'
  const all = path.join(folder, 'all.zip')
  const wrong = [
    isolde(['cat', image, 'DIR/OTHER.TXT']),
    isolde(['hash', image]),
    isolde(['hash', image, 'DIR/OTHER.TXT']),
    isolde(['extract', image, 'DIR/OTHER.TXT', '--to', path.join(folder, 'out')]),
    isolde(['extract', image, '--to', all, '--format', 'zip']),
  ]
  for (const { status, stderr } of wrong) expect([status, stderr]).toEqual([1, expect.stringContaining(sentence)])
  expect(isolde(['verify', image]).status).toBe(1)
  expect(wrong[0]?.stdout).toBe('as it is')
  expect(wrong[1]?.stdout).toContain(sha256('as it is'))
  for (const command of ['cat', 'hash']) expect(isolde([command, image, 'DIR/WELL.TXT']).status).toBe(0)
})
