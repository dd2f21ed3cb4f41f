import { expect, it } from 'vitest'
import { percentages } from '../../../src-renderer/features/pictures/percentages'

const sum = (list: number[]): number => list.reduce((total, one) => total + one, 0)

it.each([[[1, 1, 1]], [[0.5, 33.5, 33.5, 33.5]], [[996, 1, 1, 1, 1]], [[1, 2, 3, 4, 5, 6, 7]], [[100]], [[0, 5, 5]]])(
  'percents of %j add up to 100, and nothing that is there is none',
  (shares) => {
    const percents = percentages(shares)
    expect(sum(percents)).toBe(100)
    percents.forEach((percent, at) => expect(percent > 0).toBe((shares[at] ?? 0) > 0))
  },
)

it('nothing at all has no percents', () => {
  expect(percentages([0, 0])).toEqual([0, 0])
})
