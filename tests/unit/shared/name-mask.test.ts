import { expect, test } from 'vitest'
import { parseMask } from '../../../src-shared/model'

test.each([
  ['*.txt', ['a.txt', 'A.TXT', '.txt'], ['a.txt.gz', 'txt'], '.txt'],
  ['disc?.iso', ['disc1.iso'], ['disc.iso', 'disc12.iso'], 'disc'],
  ['*.jpg; *.png', ['a.jpg', 'b.png'], ['c.gif'], ''],
  ['read', ['README', 'a read b'], ['red'], 'read'],
  ['a[1].(x)+', ['a[1].(x)+'], ['a1.x'], 'a[1].(x)+'],
  ['*', ['anything', 'zeile\nzwei'], [], ''],
])('%s', (mask, fitting, others, filter) => {
  const parsed = parseMask(mask)
  expect(fitting.filter((name) => !parsed.fits(name))).toEqual([])
  expect(others.filter((name) => parsed.fits(name))).toEqual([])
  expect(parsed.filter).toBe(filter)
})
