import { expect, it } from 'vitest'
import { keysThatCount } from '../../../src-main/trust/keyring'

it('of GnuPG’s keys only those count that are valid there, or revoked', () => {
  const key = (validity: string, letter: string): string =>
    [
      `pub:${validity}:255:22:ABCD:1700000000:::u:::scESC:::::ed25519:::0:`,
      `fpr:::::::::${letter.repeat(40)}:`,
      'uid:u::::1700000000::HASH::Somebody <s@example.org>::::::::::0:',
      'sub:u:255:18:DCBA:1700000000::::::e:::::cv25519::',
      `fpr:::::::::${'E'.repeat(40)}:`,
    ].join('\n')
  const listing = [
    'tru::1:1700000000:0:3:1:5',
    key('u', 'A'),
    key('-', 'B'),
    key('f', 'C'),
    key('r', 'D'),
    key('q', '9'),
  ]
  expect(keysThatCount(listing.join('\n'))).toEqual(['A', 'C', 'D'].map((letter) => letter.repeat(40)))
  expect(keysThatCount('')).toEqual([])
  expect(keysThatCount('pub:u:\nfpr:::::::::--export-secret-keys:')).toEqual([])
})
