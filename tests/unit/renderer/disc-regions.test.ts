import { expect, it } from 'vitest'
import { regionsOf } from '../../../src-renderer/features/pictures/disc-regions'
import type { DiscBucket } from '../../../src-shared/contract'

const file: DiscBucket = {
  ...{ kind: 'files', fileBytes: 10, fileCount: 1, damagedCount: 0 },
  largest: { entry: 1, path: 'a', byteLength: 40, status: 'complete', byteOffset: 0 },
}
const kinds = (buckets: DiscBucket[], checked: Parameters<typeof regionsOf>[1]): string[] =>
  regionsOf(buckets, checked).map(({ kind, from, to, isChecked }) => `${from}-${to} ${kind}${isChecked ? '!' : ''}`)

it('a region is what a check says of its bytes, where it says something against them', () => {
  const four = [file, file, file, file]
  expect(kinds(four, null)).toEqual(['0-4 files'])
  expect(kinds(four, { cells: 'pppobbpp', byteLength: 40, byteTotal: 40 })).toEqual([
    '0-2 files',
    '2-3 damaged!',
    '3-4 files',
  ])
  // One bad cell among many of a bucket counts for it; what the disc measures need not be what was checked.
  expect(kinds(four, { cells: 'ppppppps', byteLength: 20, byteTotal: 40 })).toEqual([
    '0-1 files',
    '1-2 suspect!',
    '2-4 files',
  ])
  const beyond: DiscBucket = { ...file, kind: 'beyond' }
  expect(kinds([file, beyond], { cells: 'pm', byteLength: 40, byteTotal: 40 })).toEqual(['0-1 files', '1-2 beyond'])
  expect(kinds([{ ...file, damagedCount: 1 }], { cells: 'b', byteLength: 40, byteTotal: 40 })).toEqual(['0-1 damaged'])
})
