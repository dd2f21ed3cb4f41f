import { expect, test } from 'vitest'
import { buildIso, SECTOR } from '../../images/iso-builder'
import { codes, damages, openBytes, pathsOf } from '../../images/open-bytes'

/** Volume descriptors with a field that no volume can have as it is (ECMA-119 8). */
const built = buildIso([
  { name: 'A.TXT;1', data: 'a' },
  { name: 'SUB', children: [{ name: 'C.TXT;1', data: 'c' }] },
]).bytes
const PRIMARY = 16 * SECTOR
const PATHS = ['A.TXT', 'SUB', 'SUB/C.TXT']

function changed(at: number, bytes: number[]): Uint8Array {
  const copy = new Uint8Array(built)
  copy.set(bytes, PRIMARY + at)
  return copy
}

test('nothing is said of a disc whose fields are as they should be', async () => {
  const image = await openBytes(built)
  expect(codes(image)).toEqual([])
  await image.close()
})

test.each([
  ['length of the root', 166, new Array<number>(8).fill(0), 'no length'],
  ['length of the record of the root', 156, [0], 'not the length'],
  ['flags of the root', 181, [0], 'not say of the root that it is a directory'],
  ['version', 6, [9], 'of version 9'],
  ['size of the volume', 80, new Array<number>(8).fill(0), 'how long the volume is'],
  ['size of the path table', 132, new Array<number>(8).fill(0), 'no path table'],
])('a %s that cannot be is told, and costs nothing', async (_field, at, bytes, words) => {
  const image = await openBytes(changed(at, bytes))
  expect(await pathsOf(image)).toEqual(PATHS)
  expect(damages(image)).toEqual(['DESCRIPTOR_DAMAGED'])
  expect(image.diagnostics.map(({ message }) => message).join()).toContain(words)
  expect(image.damage).toEqual([])
  await image.close()
})

test.each([0, 3, 5, 9, 17, 33, 65, 129, 255])('a primary descriptor of type %i is still one', async (type) => {
  const image = await openBytes(changed(0, [type]))
  expect(await pathsOf(image)).toEqual(PATHS)
  expect(new Set(damages(image))).toEqual(new Set(['DESCRIPTOR_DAMAGED']))
  await image.close()
})

test('a set that is not ended is told', async () => {
  const copy = new Uint8Array(built)
  copy.fill(0, PRIMARY + SECTOR, PRIMARY + 2 * SECTOR)
  const image = await openBytes(copy)
  expect(await pathsOf(image)).toEqual(PATHS)
  expect(damages(image)).toEqual(['DESCRIPTOR_DAMAGED'])
  await image.close()
})
