import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { buildIso, SECTOR } from '../../images/iso-builder'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

it('extract says of an image that lacks bytes that they may be missing in its middle', () => {
  const { bytes } = buildIso([{ name: 'A.TXT;1', data: 'a' }])
  const folder = temporaryFolder()
  const image = path.join(folder, 'short.iso')
  const descriptor = new DataView(bytes.buffer, bytes.byteOffset + 16 * SECTOR)
  fs.writeFileSync(image, bytes)
  const whole = isolde(['extract', image, '--to', path.join(folder, 'whole')])
  expect([whole.status, whole.stderr]).toEqual([0, ''])
  // ECMA-119 8.4.8: one block more than there is.
  const blocks = descriptor.getUint32(80, true) + 1
  descriptor.setUint32(80, blocks, true)
  descriptor.setUint32(84, blocks)
  fs.writeFileSync(image, bytes)
  const short = isolde(['extract', image, '--to', path.join(folder, 'short')])
  expect(short.status).toBe(0)
  expect(short.stderr).toContain('2,048 bytes shorter than its volume')
})
