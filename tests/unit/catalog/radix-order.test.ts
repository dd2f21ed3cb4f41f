import { describe, expect, it } from 'vitest'
import { orderByNumbers } from '../../../src-main/catalog/radix-order'
import { orderOfTexts } from '../../../src-main/catalog/text-order'

/** Numbers that look random and are the same every time. */
function* numbers(): Generator<number> {
  for (let seed = 1; ; seed = (seed * 48_271) % 2_147_483_647) yield seed
}

function take(count: number): number[] {
  const from = numbers()
  return Array.from({ length: count }, () => from.next().value as number)
}

describe('orders without a comparator', () => {
  it.each([10, 511, 512, 20_000])('are those of a comparator, for %i numbers', (count) => {
    const values = take(count).map((value, i) =>
      i % 11 === 0 ? NaN : i % 3 === 0 ? value * 4_000_000 : (value % 50) - 25,
    )
    const positions = Uint32Array.from(values.keys()).reverse()
    const expected = Array.from(positions).sort((a, b) => {
      const [x, y] = [values[a]!, values[b]!].map((value) => (Number.isNaN(value) ? Infinity : value)) as [
        number,
        number,
      ]
      // Equal ones stay as they were: from the end to the start.
      return x < y ? -1 : x > y ? 1 : b - a
    })
    orderByNumbers(positions, Float64Array.from(values))
    expect(Array.from(positions)).toEqual(expected)
  })

  it.each([10, 20_000])('are those of code units, for %i texts', (count) => {
    const texts = take(count).map((value, i) => `same start ${'öä日😀z'.slice(0, i % 6)}${(value % 700).toString(36)}`)
    const expected = texts.map((text, i) => ({ text, i }))
    expected.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : a.i - b.i))
    expect(Array.from(orderOfTexts(texts))).toEqual(expected.map(({ i }) => i))
  })

  it('are those of texts that differ late, or only beyond ASCII, or not at all', () => {
    const letters = 'äöüß日本語'
    const texts = take(6000).map((value, i) => {
      const end = i % 3 === 0 ? '' : (value % 300).toString(36)
      return i % 2 === 0
        ? `one long start after which little differs ${end}`
        : `${letters[value % 7]}${letters[i % 7]}${end}`
    })
    const expected = texts.map((text, i) => ({ text, i }))
    expected.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : a.i - b.i))
    expect(Array.from(orderOfTexts(texts))).toEqual(expected.map(({ i }) => i))
  })

  it('leave what is in order as it is', () => {
    expect(Array.from(orderOfTexts(['a', 'a', 'b']))).toEqual([0, 1, 2])
  })
})
