import { expect, it } from 'vitest'
import { ReadAhead } from '../../../src-main/image/core/read-ahead'

it('begins some blocks before they are taken, none twice, and none behind the end', async () => {
  const begun: number[] = []
  const ahead = new ReadAhead(
    7,
    (index) => {
      begun.push(index)
      return Promise.resolve(index * 10)
    },
    3,
  )
  expect(await ahead.take(2)).toBe(20)
  expect(begun).toEqual([2, 3, 4])
  expect(await ahead.take(3)).toBe(30)
  expect(begun).toEqual([2, 3, 4, 5])
  // Blocks may be passed over.
  expect(await ahead.take(5)).toBe(50)
  expect(await ahead.take(6)).toBe(60)
  expect(begun).toEqual([2, 3, 4, 5, 6])
})

it('tells what failed when that block is taken, and of no other', async () => {
  const ahead = new ReadAhead(4, (index) =>
    index === 1 ? Promise.reject(new Error('broken')) : Promise.resolve(index),
  )
  expect(await ahead.take(0)).toBe(0)
  await expect(ahead.take(1)).rejects.toThrow('broken')
  expect(await ahead.take(2)).toBe(2)
})
