import { expect, test } from 'vitest'
import { parseRange } from '../../../src-main/host/byte-range'

test.each([
  [undefined, null],
  ['bytes=0-0', { byteOffset: 0, byteLength: 1 }],
  ['bytes=2-', { byteOffset: 2, byteLength: 8 }],
  ['bytes=2-99', { byteOffset: 2, byteLength: 8 }],
  ['bytes=-4', { byteOffset: 6, byteLength: 4 }],
  ['bytes=-40', { byteOffset: 0, byteLength: 10 }],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=5-2', null],
  ['bytes=0-1,4-5', null],
  ['bytes=-', null],
  ['lines=0-1', null],
])('reads %s', (header, range) => {
  expect(parseRange(header, 10)).toEqual(range)
})
