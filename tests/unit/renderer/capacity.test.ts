import { describe, expect, it } from 'vitest'
import { capacityOf, chosenDisc, fitOf, readSize } from '../../../src-renderer/features/project/capacity'

describe('how an image fits on a disc', () => {
  it('says what is left, or how much is too much, to the byte', () => {
    const dvd = chosenDisc.parse({})
    expect(capacityOf(dvd)).toBe(2_295_104 * 2048)
    expect(fitOf(capacityOf(dvd), dvd)).toEqual({ share: 1, left: 0 })
    expect(fitOf(capacityOf(dvd) + 1, dvd).left).toBe(-1)
    expect(capacityOf(chosenDisc.parse({ disc: 'own', byteLength: 5_000_000 }))).toBe(5_000_000)
  })

  it('reads sizes as people type them, and nothing else', () => {
    expect(['700 MB', '700', '4.5 GiB', '4,7gb', '2048 k'].map(readSize)).toEqual([
      700e6,
      700e6,
      4.5 * 2 ** 30,
      4.7e9,
      2_048_000,
    ])
    expect(['', 'lots', '-1 MB', '0', '1 TB', '99999999 GB', '1e3'].map(readSize)).toEqual(Array(7).fill(null))
  })
})
