import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { twinDamage, twinOf } from '../../../src-main/verify/twin-trees'
import { openBytes } from '../../images/open-bytes'
import { buildMbrDisk } from '../../images/table-builder'
import { buildUdf } from '../../images/udf-builder'

/** Written by xorriso, with Rock Ridge and Joliet: “Recipes/Crème brûlée.txt” is in both. */
const SAMPLE = readFileSync(join(import.meta.dirname, '../../images/sample.iso'))
const NAME = 'Crème brûlée.txt'

async function messages(bytes: Uint8Array): Promise<string[]> {
  const image = await openBytes(bytes, { name: 'sample.iso' })
  const found = await twinDamage(image, 'rock-ridge', await image.view('rock-ridge').readTree())
  await image.close()
  return found.map(({ message }) => message)
}

/** The sample with other bytes in the place of some that are there once. */
function changed(from: Buffer, to: Buffer): Buffer {
  const at = SAMPLE.indexOf(from)
  expect([at > 0, SAMPLE.indexOf(from, at + 1), to.byteLength]).toEqual([true, -1, from.byteLength])
  return Buffer.concat([SAMPLE.subarray(0, at), to, SAMPLE.subarray(at + from.byteLength)])
}

const inJoliet = (name: string): Buffer => Buffer.from(name, 'utf16le').swap16()

it('finds nothing where both trees say the same', async () => {
  expect(await messages(SAMPLE)).toEqual([])
})

it.each([
  ['a letter beyond ASCII, in Rock Ridge', Buffer.from(NAME), Buffer.from('Crème brûlǩe.txt')],
  ['a letter beyond ASCII, in Joliet', inJoliet(NAME), inJoliet('Crème brûláe.txt')],
  ['a letter of ASCII', Buffer.from(NAME), Buffer.from('Crème brûlée.tpt')],
])('names a file whose trees differ in one bit of %s', async (_what, from, to) => {
  const [message, ...others] = await messages(changed(from, to))
  expect(message).toMatch(/has another name \(“Cr.*”\) in the joliet tree\.$/)
  expect(others).toEqual([])
})

it('names a folder whose trees differ in one letter', async () => {
  // Its identifier in the plain tree has eight letters, all of which still fit.
  const name = Buffer.from('NM\x0e\x01\0Documents', 'latin1')
  const other = Buffer.from('NM\x0e\x01\0Documentr', 'latin1')
  expect(await messages(changed(name, other))).toEqual([
    '“Documentr” has another name (“Documents”) in the joliet tree.',
  ])
})

it('leaves letters to how a writer spells them: two encodings differ by more than a bit', async () => {
  // What is “é” in Latin-1 is “Θ” in code page 437.
  expect(await messages(changed(inJoliet(NAME), inJoliet('Crème brûlΘe.txt')))).toEqual([])
})

it('does not compare the partitions of a disk, which hold other files', async () => {
  const { bytes } = buildUdf([{ name: 'ONE.TXT', data: Buffer.from('one') }])
  const disk = buildMbrDisk([
    { start: 64, bytes: SAMPLE, type: 0x83 },
    { start: 8192, bytes, type: 0x83 },
  ])
  const image = await openBytes(disk, { name: 'disk.img' })
  expect(image.info.views.map(({ id }) => id)).toContain('udf')
  expect(twinOf(image, 'udf')).toBe(null)
  expect(twinOf(image, 'rock-ridge')).toBe('joliet')
  await image.close()
})
