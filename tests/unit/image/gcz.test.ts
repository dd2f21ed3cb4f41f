import { randomBytes } from 'node:crypto'
import { describe, expect, it, test } from 'vitest'
import { buildIso } from '../../images/iso-builder'
import { codes, openBytes } from '../../images/open-bytes'
import { buildGcz } from '../../images/packed-disc-builder'
import { itHasBytes } from './disk-bytes'

const LONG = Array.from({ length: 30_000 }, (_, index) => `${(index * 7919) % 100_003}`).join(' ')
const disc = buildIso([
  { name: 'LONG.TXT;1', data: LONG },
  { name: 'NOISE.BIN;1', data: randomBytes(100_000) },
]).bytes
const BLOCK = 16_384
const count = Math.ceil(disc.byteLength / BLOCK)
const opened = (bytes: Uint8Array): ReturnType<typeof openBytes> => openBytes(bytes, { name: 'game.gcz' })
const isStored = (bytes: Buffer, block: number): boolean => ((bytes[32 + block * 8 + 7] ?? 0) & 0x80) !== 0
const blocks = Array.from({ length: count }, (_, block) => block)

describe('a GCZ image', () => {
  test.each([2048, BLOCK, 131_072])('with blocks of %i bytes', async (blockLength) => {
    const image = await opened(buildGcz(disc, blockLength))
    expect(image.info.containers).toEqual(['gcz'])
    expect(image.blocks.byteLength).toBe(disc.byteLength)
    await itHasBytes(image.blocks, disc)
    expect(codes(image)).toEqual([])
    await image.close()
  })

  it('tells a block that is not what was packed, also one that is kept as it is', async () => {
    for (const wanted of [true, false]) {
      const bytes = buildGcz(disc)
      const block = blocks.findLast((each) => isStored(bytes, each) === wanted) ?? -1
      expect(block).toBeGreaterThan(0)
      const place = 32 + count * 12 + bytes.readUInt32LE(32 + block * 8)
      bytes[place + 100]! ^= 0x10
      const image = await opened(bytes)
      await expect(image.blocks.read(block * BLOCK, 100)).rejects.toThrow(`its block ${block} does not unpack`)
      await itHasBytes(image.blocks, disc.subarray(0, BLOCK))
      await image.close()
    }
  })

  test.each<[string, (bytes: Buffer) => void]>([
    ['outside the file', (bytes) => bytes.writeUInt32LE(0xfffffff0, 32 + 8)],
    ['before the one before it', (bytes) => bytes.writeUInt32LE(0, 32 + 16)],
    ['beyond 2^53', (bytes) => bytes.writeUInt32LE(0x7fffffff, 32 + 12)],
  ])('tells a block that lies %s', async (_, spoil) => {
    const bytes = buildGcz(disc)
    spoil(bytes)
    const image = await opened(bytes).catch((error: unknown) => error as Error)
    if (image instanceof Error) expect(image.message).toContain('does not unpack')
    else {
      await expect(image.blocks.read(BLOCK, 100)).rejects.toThrow('its block 1 does not unpack')
      await image.close()
    }
  })

  test.each<[string, (bytes: Buffer) => void]>([
    ['2^60 bytes', (bytes) => bytes.writeBigUInt64LE(1n << 60n, 16)],
    ['2^32 - 1 blocks', (bytes) => bytes.writeUInt32LE(0xffffffff, 28)],
    ['blocks of no bytes', (bytes) => bytes.writeUInt32LE(0, 24)],
    ['nothing', (bytes) => bytes.writeUInt32LE(0, 16)],
  ])('that lies: %s', async (_, spoil) => {
    const bytes = buildGcz(disc)
    spoil(bytes)
    await expect(opened(bytes)).rejects.toThrow(/damaged header/)
  })

  it('with a disc that is not read is said to hold that', async () => {
    const game = new Uint8Array(100_000)
    game.set([0xc2, 0x33, 0x9f, 0x3d], 0x1c)
    await expect(opened(buildGcz(game))).rejects.toThrow('GameCube disc')
  })
})
