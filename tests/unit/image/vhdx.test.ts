import { describe, expect, it, test } from 'vitest'
import { recordedIn } from '../../../src-main/image'
import { buildVhdx, VHDX_BLOCKS } from '../../images/vhdx-builder'
import { buildIso } from '../../images/iso-builder'
import { codes, contentOf, openBytes, pathsOf, siblings } from '../../images/open-bytes'
import { itHasBytes } from './disk-bytes'

const disc = buildIso([
  { name: 'A.TXT;1', data: 'old' },
  { name: 'ZEROS.BIN;1', data: Buffer.alloc(1_200_000) },
  { name: 'Z.BIN;1', data: Buffer.alloc(90_000, 'content ') },
]).bytes
const name = 'disk.vhdx'
const opened = (bytes: Uint8Array, beside: Record<string, Uint8Array> = {}): ReturnType<typeof openBytes> =>
  openBytes(bytes, { name, ...siblings(beside) })

describe('a Hyper-V disk image', () => {
  it('of blocks that are there, and some that are not', async () => {
    const image = await opened(buildVhdx(disc))
    expect(image.info.containers).toEqual(['vhdx'])
    await itHasBytes(image.blocks, disc)
    expect(await pathsOf(image)).toEqual(['A.TXT', 'Z.BIN', 'ZEROS.BIN'])
    await image.close()
  })

  it('takes single sectors from the disk that it is based on', async () => {
    const hasSector = (sector: number): boolean => sector % 7 > 2
    const child = buildVhdx(disc, { baseName: 'base.vhdx', baseIdentity: 5, hasSector })
    const image = await opened(child, { 'base.vhdx': buildVhdx(disc, { identity: 5 }) })
    await itHasBytes(image.blocks, disc)
    expect(codes(image)).toEqual([])
    await image.close()
  })

  it('takes nothing from one that was written to since', async () => {
    const child = buildVhdx(disc, { baseName: 'base.vhdx', baseIdentity: 5, hasSector: (sector) => sector < 2048 })
    const image = await opened(child, { 'base.vhdx': buildVhdx(disc, { identity: 6 }) })
    expect(image.damage.map(({ code }) => code)).toEqual(['BASE_MISSING'])
    expect(recordedIn(image.blocks, 0, disc.byteLength)).toBe(1 << 20)
    await image.close()
  })

  it('has what its log has still to write', async () => {
    const at = disc.findIndex((_, index) => Buffer.from(disc.subarray(index, index + 4)).equals(Buffer.from('old\0')))
    const start = Math.floor(at / 4096) * 4096
    const page = disc.slice(start, start + 4096)
    page.set(Buffer.from('new'), at - start)
    const image = await opened(buildVhdx(disc, { log: [[VHDX_BLOCKS + start, page]] }))
    expect(await contentOf(image, 'A.TXT')).toBe('new')
    expect(codes(image)).toContain('DISK_LOG_REPLAYED')
    const all = disc.slice()
    all.set(page, start)
    await itHasBytes(image.blocks, all)
    await image.close()
  })

  it('says that its log is damaged', async () => {
    const bytes = buildVhdx(disc, { log: [[VHDX_BLOCKS, disc.subarray(0, 4096)]] })
    bytes[(1 << 20) + 5000]! ^= 1
    const image = await opened(bytes)
    expect(image.damage.map(({ code }) => code)).toEqual(['DISK_LOG_DAMAGED'])
    await image.close()
  })

  it('goes by the header that fits its sum', async () => {
    const bytes = buildVhdx(disc)
    bytes[(128 << 10) + 9]! ^= 1
    const image = await opened(bytes)
    await itHasBytes(image.blocks, disc)
    await image.close()
  })
})

describe('a Hyper-V disk image that lies', () => {
  test.each<[string, (bytes: Buffer) => void]>([
    ['both headers', (bytes) => bytes.fill(0, 64 << 10, 192 << 10)],
    ['both tables of regions', (bytes) => bytes.fill(1, 192 << 10, 320 << 10)],
    ['blocks of 0 bytes', (bytes) => bytes.writeUInt32LE(0, (2 << 20) + (64 << 10))],
    ['2^60 bytes', (bytes) => bytes.writeBigUInt64LE(2n ** 60n, (2 << 20) + (64 << 10) + 8)],
  ])('%s', async (_, spoil) => {
    const bytes = buildVhdx(disc)
    spoil(bytes)
    await expect(opened(bytes)).rejects.toMatchObject({ code: 'UNSUPPORTED_CONTAINER' })
  })

  it('about where its base lies: that is never asked for', async () => {
    const child = buildVhdx(disc, { baseName: '..\\..\\base.vhdx', hasSector: () => false })
    await expect(opened(child)).rejects.toThrow(/does not lie beside it/)
  })
})
