import { describe, expect, test } from 'vitest'
import { nextPartNames } from '../../../src-main/image/containers/split/split'
import { buildIso, SECTOR } from '../../images/iso-builder'
import { openBytes, pathsOf, siblings } from '../../images/open-bytes'

const { bytes } = buildIso([{ name: 'A;1', data: new Uint8Array(300_000).fill(1) }])
const STEP = Math.ceil(bytes.byteLength / 5)
const part = (index: number): Uint8Array => bytes.slice(index * STEP, (index + 1) * STEP)

describe('parts of an image', () => {
  test('may be named as split(1) does it', async () => {
    expect(nextPartNames('a.iso.aa')?.(27)).toBe('a.iso.bb')
    expect(nextPartNames('a.iso.aaa')?.(1)).toBe('a.iso.aab')
    expect(nextPartNames('a.txt.aa')).toBeNull()
    expect(nextPartNames('a.iso.ab')).toBeNull()
    const files = Object.fromEntries(['ab', 'ac', 'ad', 'ae'].map((name, at) => [`a.iso.${name}`, part(at + 1)]))
    const image = await openBytes(part(0), { name: 'a.iso.aa', ...siblings(files) })
    expect(image.info.containers).toEqual(['split'])
    expect(await pathsOf(image)).toEqual(['A'])
    expect(image.diagnostics).toEqual([])
  })

  // `split -n 5`: the last has the rest (coreutils to 9.1), or the first have a byte more each (since 9.2).
  test.each([[[0, 0, 0, 0, 4]], [[1, 1, 1, 1, 0]]])('may differ by what cannot be shared out: %j', async (more) => {
    const least = Math.floor((bytes.byteLength - 4) / 5)
    const whole = bytes.slice(0, least * 5 + 4)
    const ends = more.map((_, at) => more.slice(0, at + 1).reduce((sum, one) => sum + least + one, 0))
    const cut = ends.map((end, at) => whole.slice(ends[at - 1] ?? 0, end))
    const files = Object.fromEntries(cut.slice(1).map((one, at) => [`a.00${at + 2}`, one]))
    const image = await openBytes(cut[0]!, { name: 'a.001', ...siblings(files) })
    expect(image.damage.map(({ code }) => code)).not.toContain('PART_LENGTH')
  })

  test('that are empty are told as that, and what lies behind them is not read as what follows', async () => {
    const files = { 'a.002': new Uint8Array(0), 'a.003': part(2) }
    const image = await openBytes(part(0), { name: 'a.001', ...siblings(files) })
    expect(image.damage.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^“a\.002” is empty, though .* goes on with “a\.003”/),
    )
  })

  test('leave out what they leave out, not a share of the first one', async () => {
    const files = { 'a.002': part(1) }
    const { info } = await openBytes(part(0), { name: 'a.001', ...siblings(files) })
    const missing = bytes.byteLength - 2 * STEP
    expect(info.completeness).toMatchObject({ missingByteLength: missing, expectedByteLength: bytes.byteLength })
  })
})

test('what a sheet’s file lacks is not measured by the length of the sheet', async () => {
  const sheet = new TextEncoder().encode('FILE "a.bin" BINARY\n  TRACK 01 MODE1/2048\n    INDEX 01 00:00:00\n')
  const files = { 'a.bin': bytes.slice(0, bytes.byteLength - 10 * SECTOR) }
  const { info } = await openBytes(sheet, { name: 'a.cue', ...siblings(files) })
  expect(info.completeness).toEqual({
    status: 'truncated',
    expectedByteLength: bytes.byteLength,
    missingByteLength: 10 * SECTOR,
  })
})
