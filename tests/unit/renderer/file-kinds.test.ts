import { expect, it } from 'vitest'
import { fileKindOf } from '../../../src-renderer/base/file-kinds/kinds'

it.each([
  ['disc.bin', 2352 * 100, 'disc'],
  ['mode2.bin', 2336 * 100, 'disc'],
  ['firmware.bin', 4 << 20, 'file'],
  ['empty.bin', 0, 'file'],
  ['unknown.bin', undefined, 'disc'],
  ['mbr.raw', 512, 'file'],
  ['disc.iso', 5, 'disc'],
  ['copyright', 6000, 'text'],
] as const)('%s of %s bytes is of kind %s', (name, byteLength, kind) => {
  expect(fileKindOf({ name, kind: 'file', ...(byteLength === undefined ? {} : { byteLength }) })).toBe(kind)
})
