import { describe, expect, test } from 'vitest'
import type { DiscImage } from '../../../src-main/image'
import { buildIso, both32, SECTOR, type BuildNode } from '../../images/iso-builder'
import { codes, contentOf, damages, openBytes, pathsOf } from '../../images/open-bytes'
import { buildUdf, type UdfNode } from '../../images/udf-builder'

/** Two folders with one name and, unless they are told apart, the same empty file. */
function tree(second: string): BuildNode[] {
  const inner = (name: string): BuildNode => ({ name: 'SUB', children: [{ name: `${name};1`, data: '' }] })
  return [
    { name: 'X', children: [inner('F')] },
    { name: 'Y', children: [inner(second)] },
  ]
}

/** Its block, and where its record is, in bytes. */
function subOf(bytes: Uint8Array, blockOfParent: number): { block: number; record: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  let at = blockOfParent * SECTOR
  while (bytes[at + 32] === 1) at += bytes[at] ?? 0
  return { block: view.getUint32(at + 2, true), record: at }
}

/** As genisoimage writes one folder that it is given for two places: both records lead to the first. */
function sharing(second: string): { bytes: Uint8Array; first: number; other: number } {
  const { bytes, blockOf } = buildIso(tree(second))
  const first = subOf(bytes, blockOf('X')).block
  const { block: other, record } = subOf(bytes, blockOf('Y'))
  bytes.set(both32(first), record + 2)
  return { bytes, first, other }
}

/** Puts `to` for `from` into both path tables. */
function rename(bytes: Uint8Array, from: number, to: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  for (const isLittle of [true, false]) {
    const table = view.getUint32(16 * SECTOR + (isLittle ? 140 : 148), isLittle) * SECTOR
    for (let at = table; (bytes[at] ?? 0) > 0; at += 8 + (bytes[at] ?? 0) + ((bytes[at] ?? 0) & 1))
      if (view.getUint32(at + 2, isLittle) === from) view.setUint32(at + 2, to, isLittle)
  }
}

async function told(image: DiscImage): Promise<string[]> {
  const paths = await pathsOf(image)
  expect(paths).toEqual(['X', 'X/SUB', 'X/SUB/F', 'Y', 'Y/SUB', 'Y/SUB/F'])
  return [...new Set(codes(image))]
}

describe('a folder with two names', () => {
  test('of ISO 9660 is shown at both, and no damage where its copy lies where the path table says', async () => {
    const image = await openBytes(sharing('F').bytes)
    expect(await told(image)).toEqual(['DIRECTORY_SHARED'])
    expect(damages(image)).toEqual([])
  })

  test('and none where the path table has both', async () => {
    const { bytes, first, other } = sharing('G')
    rename(bytes, other, first)
    const image = await openBytes(bytes)
    expect(await told(image)).toEqual(['DIRECTORY_SHARED'])
    expect(damages(image)).toEqual([])
  })

  test('is damage where the path table has another folder under one of them', async () => {
    const { bytes, other } = sharing('G')
    const image = await openBytes(bytes)
    expect(await told(image)).toEqual(['DIRECTORY_LOST', 'DIRECTORY_SHARED'])
    expect(damages(image)).toEqual(['DIRECTORY_LOST', 'DIRECTORY_SHARED'])
    expect(image.diagnostics[0]?.byteOffset).toBe(other * SECTOR)
  })

  test('is damage where there is no path table to tell', async () => {
    const { bytes } = sharing('F')
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    view.setUint32(16 * SECTOR + 140, 0, true)
    view.setUint32(16 * SECTOR + 148, 0)
    const image = await openBytes(bytes)
    await told(image)
    expect(damages(image)).toEqual(['DIRECTORY_SHARED'])
  })

  test('of UDF is shown at both, since the sums of its identifiers fit', async () => {
    const folder: UdfNode = { name: 'one', children: [{ name: 'f', data: new TextEncoder().encode('f') }] }
    const { bytes } = buildUdf([folder, { name: 'two', linkTo: folder, characteristics: 2 }])
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['one', 'one/f', 'two', 'two/f'])
    expect(await contentOf(image, 'two/f')).toBe('f')
    expect(codes(image)).toEqual(['DIRECTORY_SHARED'])
    expect(damages(image)).toEqual([])
  })

  test('is not followed without end where folders hold each other many times over', async () => {
    // Each level has two names for the next one: 2^30 paths.
    let next: UdfNode = { name: 'a', children: [] }
    for (let level = 0; level < 30; level++)
      next = { name: 'a', children: [next, { name: 'b', linkTo: next, characteristics: 2 }] }
    const image = await openBytes(buildUdf([next]).bytes)
    expect((await pathsOf(image)).length).toBeLessThan(40_000)
    expect(damages(image)).toContain('DIRECTORY_LOOP')
  })
})
