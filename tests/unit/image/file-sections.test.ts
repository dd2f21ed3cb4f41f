import { describe, expect, test } from 'vitest'
import type { DiscImage } from '../../../src-main/image'
import { buildHighSierra } from '../../images/high-sierra-builder'
import { both16, buildIso, SECTOR, type BuildNode } from '../../images/iso-builder'
import { contentOf, damages, openBytes, pathsOf } from '../../images/open-bytes'

const letters = (letter: string): string => letter.repeat(SECTOR)

/** A file in three sections, of which the given ones lie on the second volume of the set. */
function sections(elsewhere: readonly number[] = []): BuildNode[] {
  return ['a', 'b', 'c'].map((letter, at) => ({
    name: 'BIG.BIN;1',
    data: letters(letter),
    flags: at < 2 ? 0x80 : 0,
    patch: (record) => {
      if (elsewhere.includes(at)) record.set(both16(2), 28)
    },
  }))
}

async function statuses(image: DiscImage): Promise<Record<string, [string, number]>> {
  const table = await image.view(image.info.defaultViewId).readTree()
  return Object.fromEntries(
    Array.from({ length: table.length - 1 }, (_, at) => [
      table.pathOf(at + 1),
      [table.statusOf(at + 1), table.byteLengthOf(at + 1)],
    ]),
  )
}

const other: BuildNode = { name: 'OTHER.TXT;1', data: 'other' }

describe('a file in several sections', () => {
  test('is complete with all of them', async () => {
    const image = await openBytes(buildIso([...sections(), other]).bytes)
    expect(await statuses(image)).toEqual({ 'BIG.BIN': ['complete', 3 * SECTOR], 'OTHER.TXT': ['complete', 5] })
    expect(damages(image)).toEqual([])
  })

  test.each([
    ['before another file', [...sections().slice(0, 2), other]],
    ['at the end of its directory', sections().slice(0, 2)],
    ['after one section', [...sections().slice(0, 1), other]],
  ])('whose last section never comes is partial: %s', async (_, nodes) => {
    const image = await openBytes(buildIso([{ name: 'A.TXT;1', data: 'a' }, ...nodes]).bytes)
    expect((await statuses(image))['BIG.BIN']).toEqual([
      'partial',
      nodes.filter(({ name }) => name === 'BIG.BIN;1').length * SECTOR,
    ])
    expect(damages(image)).toEqual(['SECTION_MISSING'])
  })

  test('is complete where its writer says of all files that they go on', async () => {
    const habit = (name: string): BuildNode => ({ name, data: name, flags: 0x80 })
    const image = await openBytes(buildIso(['A.;1', 'B.;1', 'C.;1', 'D.;1', 'E.;1'].map(habit)).bytes)
    expect(Object.values(await statuses(image)).map(([status]) => status)).toEqual(Array(5).fill('complete'))
    expect(damages(image)).toEqual([])
  })

  test.each([
    ['the last', [2], 'partial', letters('a') + letters('b')],
    ['the first', [0], 'partial', ''],
    ['all', [0, 1, 2], 'lost', ''],
  ])('some of which lie on another volume of the set (ECMA-119 9.1.9): %s', async (_, elsewhere, status, there) => {
    const image = await openBytes(buildIso([...sections(elsewhere), other]).bytes)
    expect((await statuses(image))['BIG.BIN']).toEqual([status, 3 * SECTOR])
    expect(await contentOf(image, 'BIG.BIN')).toBe(there)
    expect(image.diagnostics.map(({ code }) => code)).toContain('ON_ANOTHER_VOLUME')
  })

  test.each([
    ['at the end', []],
    ['before another', [{ name: 'Z.TXT', data: 'z' }]],
  ])('of a High Sierra volume whose last never comes is partial: %s', async (_, more) => {
    const big = { name: 'BIG.BIN', data: 'b', flags: 0x80 }
    const image = await openBytes(buildHighSierra([big, ...more]))
    expect((await statuses(image))['BIG.BIN']).toEqual(['partial', 1])
    expect(damages(image)).toEqual(['SECTION_MISSING'])
  })
})

test('a directory on another volume of the set is not what lies in its place on this one', async () => {
  const folder = (number: number): BuildNode => ({
    name: 'SUB',
    children: [{ name: 'C.TXT;1', data: 'c' }],
    patch: (record) => {
      record.set(both16(number), 28)
    },
  })
  expect(await pathsOf(await openBytes(buildIso([folder(1), other]).bytes))).toEqual(['OTHER.TXT', 'SUB', 'SUB/C.TXT'])
  const image = await openBytes(buildIso([folder(2), other]).bytes)
  expect(await pathsOf(image)).toEqual(['OTHER.TXT', 'SUB'])
  expect(await image.view('iso9660').lookup('SUB/C.TXT')).toBe(null)
  const table = await image.view('iso9660').readTree()
  expect(table.damage.map(({ code }) => code)).toContain('ON_ANOTHER_VOLUME')
  expect((await statuses(image)).SUB?.[0]).toBe('lost')
})
