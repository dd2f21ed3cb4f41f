import { describe, expect, it, test } from 'vitest'
import { recordedIn } from '../../../src-main/image'
import { buildVdi } from '../../images/disk-builder'
import { buildIso } from '../../images/iso-builder'
import { codes, openBytes, pathsOf, siblings } from '../../images/open-bytes'
import { itHasBytes } from './disk-bytes'

const disc = buildIso([
  { name: 'A.BIN;1', data: Buffer.alloc(90_000, 'content ') },
  { name: 'ZEROS.BIN;1', data: Buffer.alloc(100_000) },
]).bytes
const BASE = 'Some disk.vdi'
const opened = (bytes: Uint8Array, beside: Record<string, Uint8Array> = {}): ReturnType<typeof openBytes> =>
  openBytes(bytes, { name: 'disk.vdi', ...siblings(beside) })

describe('a VirtualBox disk image', () => {
  it('of blocks that are there, and some of zeros', async () => {
    const image = await opened(buildVdi(disc))
    expect(image.info.containers).toEqual(['vdi'])
    await itHasBytes(image.blocks, disc)
    expect(await pathsOf(image)).toEqual(['A.BIN', 'ZEROS.BIN'])
    await image.close()
  })

  it('finds the disk that it is based on by its identity', async () => {
    const child = buildVdi(disc, { baseIdentity: 5, isLeftOut: (block) => block % 3 === 0 })
    const image = await opened(child, { [BASE]: buildVdi(disc, { identity: 5 }) })
    await itHasBytes(image.blocks, disc)
    expect(codes(image)).toEqual([])
    await image.close()
  })

  test.each([
    ['is not there', {}],
    ['is another', { [BASE]: buildVdi(disc, { identity: 6 }) }],
  ])('has what is its own where that %s', async (_, beside) => {
    const image = await opened(buildVdi(disc, { baseIdentity: 5, isLeftOut: (block) => block >= 15 }), beside)
    expect(image.damage[0]?.message).toContain('{05050505-0505-0505-0505-050505050505}')
    expect(recordedIn(image.blocks, 0, disc.byteLength)).toBe(15 * 8192)
    await image.close()
  })

  test.each<[string, (bytes: Buffer) => void]>([
    ['blocks of 0 bytes', (bytes) => bytes.writeUInt32LE(0, 376)],
    ['2^60 bytes', (bytes) => bytes.writeBigUInt64LE(2n ** 60n, 368)],
    ['a table behind the end', (bytes) => bytes.writeUInt32LE(0xffffff00, 340)],
  ])('%s', async (_, spoil) => {
    const bytes = buildVdi(disc)
    spoil(bytes)
    await expect(opened(bytes)).rejects.toMatchObject({ code: 'UNSUPPORTED_CONTAINER' })
  })
})
