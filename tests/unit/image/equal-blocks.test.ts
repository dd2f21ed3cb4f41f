import { describe, expect, test } from 'vitest'
import { EqualBlocks } from '../../../src-main/image/core/equal-blocks'

const CONTENT = Uint8Array.from({ length: 1000 }, (_, index) => (index * 7) % 251)

function blocks(): { content: EqualBlocks; asked: number[] } {
  const asked: number[] = []
  const content = new EqualBlocks(CONTENT.byteLength, 64, (index, byteLength) => {
    asked.push(index)
    return Promise.resolve(CONTENT.slice(index * 64, index * 64 + byteLength))
  })
  return { content, asked }
}

describe('content in equal blocks', () => {
  test.each([
    [0, 1000],
    [0, 2000],
    [63, 2],
    [64, 64],
    [990, 100],
    [1000, 1],
    [-1, 10],
    [500, 0],
  ])('gives bytes %i and %i more', async (from, length) => {
    const wanted = from < 0 ? new Uint8Array(0) : CONTENT.subarray(from, from + length)
    expect(await blocks().content.read(from, length)).toEqual(wanted)
  })

  test('unpacks a block once for reads in order, and gives each of several readers its own bytes', async () => {
    const { content, asked } = blocks()
    for (let at = 0; at < 1000; at += 10) await content.read(at, 10)
    expect(asked).toEqual(Array.from({ length: 16 }, (_, index) => index))
    const places = [900, 10, 500, 70, 300]
    const read = await Promise.all(places.map((at) => content.read(at, 90)))
    for (const [index, at] of places.entries()) expect(read[index]).toEqual(CONTENT.slice(at, at + 90))
  })

  test('takes no block of another length', async () => {
    const content = new EqualBlocks(100, 64, () => Promise.resolve(new Uint8Array(63)))
    await expect(content.read(0, 10)).rejects.toThrow('63 bytes instead of 64')
  })
})
