import { describe, expect, it } from 'vitest'
import { areFlatRanges, NumberRanges } from '../../../src-shared/model'

/** Numbers below a limit that some rule leaves, as a set and as ranges. */
function both(limit: number, rule: (number: number) => boolean): { set: Set<number>; ranges: NumberRanges } {
  const numbers = Array.from({ length: limit }, (_, number) => number).filter(rule)
  return { set: new Set(numbers), ranges: NumberRanges.of(numbers.toReversed()) }
}

const RULES: [string, (number: number) => boolean][] = [
  ['none', () => false],
  ['all', () => true],
  ['even ones', (number) => number % 2 === 0],
  ['long ranges', (number) => number % 50 < 40],
  ['a few', (number) => number === 3 || number === 4 || number === 199],
]

describe('ranges of numbers', () => {
  for (const [one, ruleOne] of RULES)
    for (const [other, ruleOther] of RULES)
      it(`do what sets do: ${one}, ${other}`, () => {
        const a = both(200, ruleOne)
        const b = both(200, ruleOther)
        expect([...a.ranges.union(b.ranges)]).toEqual([...new Set([...a.set, ...b.set])].sort((x, y) => x - y))
        expect([...a.ranges.without(b.ranges)]).toEqual([...a.set].filter((number) => !b.set.has(number)))
        expect(a.ranges.size).toBe(a.set.size)
        for (let number = -1; number <= 200; number++) expect(a.ranges.has(number)).toBe(a.set.has(number))
        expect(areFlatRanges(a.ranges.flat())).toBe(true)
        expect([...NumberRanges.from(a.ranges.flat())]).toEqual([...a.set])
      })

  it('keep a million in a row as two numbers, and all but one as four', () => {
    const million = NumberRanges.from([1, 1_000_000])
    expect(million.size).toBe(1_000_000)
    million.delete(500)
    expect(million.flat()).toEqual([1, 499, 501, 999_500])
    million.add(500)
    expect(million.flat()).toEqual([1, 1_000_000])
  })

  it.each([[[1]], [[1, 0]], [[5, 2, 6, 1]], [[-1, 2]], [['1', 2]], [[0.5, 1]], ['1,2'], [[1, 2, 3, 1]]])(
    'are not taken from %j',
    (value) => {
      expect(areFlatRanges(value)).toBe(false)
    },
  )
})
