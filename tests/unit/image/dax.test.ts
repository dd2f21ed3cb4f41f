import { describe, expect, it, test } from 'vitest'
import { buildIso } from '../../images/iso-builder'
import { codes, openBytes } from '../../images/open-bytes'
import { buildDax } from '../../images/packed-disc-builder'
import { itHasBytes } from './disk-bytes'

const LONG = Array.from({ length: 30_000 }, (_, index) => `${(index * 7919) % 100_003}`).join(' ')
const disc = buildIso([
  { name: 'LONG.TXT;1', data: LONG },
  { name: 'ZEROS.BIN;1', data: Buffer.alloc(100_000) },
]).bytes
const opened = (bytes: Uint8Array): ReturnType<typeof openBytes> => openBytes(bytes, { name: 'game.dax' })

describe('a DAX image', () => {
  test.each([
    ['of version 0', buildDax(disc)],
    ['of version 1, with frames that are not packed', buildDax(disc, { first: 5, count: 7 })],
  ])('%s', async (_, bytes) => {
    const image = await opened(bytes)
    expect(image.info.containers).toEqual(['dax'])
    await itHasBytes(image.blocks, disc)
    expect(codes(image)).toEqual([])
    await image.close()
  })

  it('tells a frame that lies outside the file', async () => {
    const bytes = buildDax(disc)
    bytes.writeUInt32LE(0xfffffff0, 32 + 20 * 4)
    const image = await opened(bytes)
    await expect(image.blocks.read(20 * 8192, 100)).rejects.toThrow(/its frame 20 does not unpack/)
    await image.close()
  })

  test.each<[string, (bytes: Buffer) => void]>([
    ['4 GiB', (bytes) => bytes.writeUInt32LE(0xffffffff, 4)],
    ['2^32 - 1 areas', (bytes) => bytes.fill(0xff, 8, 16)],
    ['nothing', (bytes) => bytes.writeUInt32LE(0, 4)],
  ])('that lies: %s', async (_, spoil) => {
    const bytes = buildDax(disc)
    spoil(bytes)
    await expect(opened(bytes)).rejects.toThrow(/damaged header/)
  })
})
