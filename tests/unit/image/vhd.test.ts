import { describe, expect, it, test } from 'vitest'
import { recordedIn } from '../../../src-main/image'
import { buildFixedVhd, buildVhd } from '../../images/disk-builder'
import { buildIso } from '../../images/iso-builder'
import { codes, openBytes, pathsOf, siblings } from '../../images/open-bytes'
import { itHasBytes } from './disk-bytes'

const disc = buildIso([
  { name: 'A.BIN;1', data: Buffer.alloc(90_000, 'content ') },
  { name: 'ZEROS.BIN;1', data: Buffer.alloc(100_000) },
]).bytes
const name = 'disk.vhd'
const opened = (bytes: Uint8Array, beside: Record<string, Uint8Array> = {}): ReturnType<typeof openBytes> =>
  openBytes(bytes, { name, ...siblings(beside) })
const hasSector = (sector: number): boolean => sector % 5 > 1

describe('a virtual hard disk', () => {
  test.each([
    ['fixed', buildFixedVhd(disc)],
    ['dynamic', buildVhd(disc)],
    ['dynamic, of blocks of 2 MiB', buildVhd(disc, { blockLength: 2 << 20 })],
  ])('%s', async (_, bytes) => {
    const image = await opened(bytes)
    expect(image.info.containers).toEqual(['vhd'])
    await itHasBytes(image.blocks, disc)
    expect(await pathsOf(image)).toEqual(['A.BIN', 'ZEROS.BIN'])
    await image.close()
  })

  it('takes single sectors from the disk that it is based on', async () => {
    const child = buildVhd(disc, { id: 8, baseId: 7, baseName: 'base.vhd', hasSector })
    const image = await opened(child, { 'base.vhd': buildVhd(disc) })
    await itHasBytes(image.blocks, disc)
    expect(codes(image)).toEqual([])
    await image.close()
  })

  it('takes nothing from a disk of another identity', async () => {
    const child = buildVhd(disc, { id: 8, baseId: 6, baseName: 'base.vhd', hasSector: (sector) => sector < 300 })
    const image = await opened(child, { 'base.vhd': buildVhd(disc) })
    expect(image.damage.map(({ code }) => code)).toEqual(['BASE_MISSING'])
    expect(recordedIn(image.blocks, 0, disc.byteLength)).toBe(300 * 512)
    await image.close()
  })

  it('is opened by the copy of a footer that is lost', async () => {
    const image = await opened(buildVhd(disc).subarray(0, -512))
    expect(codes(image)).toContain('DISK_FOOTER_LOST')
    await itHasBytes(image.blocks, disc)
    await image.close()
  })
})

describe('a virtual hard disk that lies', () => {
  it('about where its base lies: that is never asked for', async () => {
    const child = buildVhd(disc, { baseName: '/etc/passwd', hasSector })
    await expect(opened(child)).rejects.toMatchObject({ message: expect.stringContaining('“/etc/passwd”') as string })
  })

  test.each<[string, (bytes: Buffer) => void]>([
    ['blocks of 0 bytes', (bytes) => bytes.writeUInt32BE(0, 512 + 32)],
    ['blocks of 4 GiB', (bytes) => bytes.writeUInt32BE(0xfffffe00, 512 + 32)],
    ['a table behind the end', (bytes) => bytes.writeBigUInt64BE(2n ** 50n, 512 + 16)],
    ['fewer blocks than the disk has', (bytes) => bytes.writeUInt32BE(1, 512 + 28)],
  ])('%s', async (_, spoil) => {
    const bytes = buildVhd(disc)
    spoil(bytes)
    await expect(opened(bytes)).rejects.toMatchObject({ code: 'UNSUPPORTED_CONTAINER' })
  })

  it('blocks behind the end are not there', async () => {
    const bytes = buildVhd(disc)
    bytes.writeUInt32BE(0x7fffffff, 1536 + 4 * 4)
    const image = await opened(bytes)
    expect(recordedIn(image.blocks, 0, disc.byteLength)).toBe(disc.byteLength - 16_384)
    await expect(image.blocks.read(4 * 16_384, 10)).rejects.toThrow(/ends before its last block/)
    await image.close()
  })
})
