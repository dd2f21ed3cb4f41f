import { describe, expect, it } from 'vitest'
import { crc32c } from '../../../src-main/image/core/crc32c'
import { verifyImage } from '../../../src-main/verify/verify'
import { codes, contentOf, damages, openBytes, pathsOf } from '../../images/open-bytes'
import { sampleImage } from '../../images/small-tree'
import { buildMbrDisk } from '../../images/table-builder'

const BLOCK = 1024
/** Where the second group begins, and with it the copy of the superblock. */
const COPY = 8193 * BLOCK
const DESCRIPTORS = 2 * BLOCK

/** A volume of one group of blocks of 1 KiB with a second group behind it, which is empty but for the copies. */
function withSecondGroup(name: string): Uint8Array {
  const small = sampleImage(`ext/${name}.img.zst`)
  const bytes = new Uint8Array(9 << 20)
  bytes.set(small)
  const view = new DataView(bytes.buffer)
  view.setUint32(BLOCK + 4, bytes.byteLength / BLOCK, true)
  const hasSums = (view.getUint32(BLOCK + 100, true) & 0x400) !== 0
  const length = hasSums ? 64 : 32
  bytes.copyWithin(DESCRIPTORS + length, DESCRIPTORS, DESCRIPTORS + length)
  bytes.copyWithin(COPY, BLOCK, 3 * BLOCK)
  view.setUint16(COPY + 90, 1, true)
  // The copies never say that the journal is to be replayed.
  view.setUint32(COPY + 96, view.getUint32(COPY + 96, true) & ~4, true)
  if (hasSums) for (const at of [BLOCK, COPY]) view.setUint32(at + 1020, crc32c(0xffffffff, bytes, at, at + 1020), true)
  return bytes
}

const open = (bytes: Uint8Array) => openBytes(bytes, { name: 'disk.img' })
const control = { checkpoint: () => Promise.resolve(), progress: () => undefined }
const zeroed = (bytes: Uint8Array, from: number, to: number): Uint8Array => bytes.slice().fill(0, from, to)

describe.each(['ext2', 'ext4'])('the superblock of %s', (name) => {
  const volume = withSecondGroup(name)

  it.each<[string, (bytes: Uint8Array) => unknown]>([
    ['is zeros', (bytes) => bytes.fill(0, BLOCK, 2 * BLOCK)],
    ['is zeros, and so are the descriptors', (bytes) => bytes.fill(0, 0, 4 * BLOCK)],
    ['is whole, and the descriptors are zeros', (bytes) => bytes.fill(0, DESCRIPTORS, DESCRIPTORS + BLOCK)],
    ['has other blocks', (bytes) => (bytes[BLOCK + 24] = 40)],
    ['is noise', (bytes) => bytes.fill(0x5a, BLOCK, 2 * BLOCK)],
  ])('%s: its copy is read, which is said', async (_, damage) => {
    const sound = await open(volume)
    expect(damages(sound)).toEqual([])
    const bytes = volume.slice()
    damage(bytes)
    const image = await open(bytes)
    expect(image.info.views.map(({ id }) => id)).toEqual(['ext'])
    expect(await pathsOf(image)).toEqual(await pathsOf(sound))
    expect(await contentOf(image, 'hello.txt')).toBe('hello\n')
    expect(image.diagnostics).toMatchObject([
      { code: 'SUPERBLOCK_COPY_USED', severity: 'damage', message: expect.stringContaining('block group 1') as string },
    ])
    expect(image.damage).toEqual([])
    expect((await verifyImage(image, 'ext', control)).verdict).toBe('failed')
  })

  it('is read by its copy in a partition, which is named', async () => {
    const disk = buildMbrDisk([{ start: 64, bytes: zeroed(volume, BLOCK, 2 * BLOCK), type: 0x83 }])
    const image = await open(disk)
    expect(await contentOf(image, 'hello.txt')).toBe('hello\n')
    expect(image.diagnostics).toMatchObject([{ message: expect.stringContaining('partition 1') as string }])
  })

  it('has no copy where what looks like one belongs to another place', async () => {
    const moved = zeroed(volume, BLOCK, 2 * BLOCK)
    new DataView(moved.buffer).setUint16(COPY + 90, 3, true)
    await expect(open(moved)).rejects.toMatchObject({ code: 'NOT_AN_IMAGE' })
    const shifted = new Uint8Array(volume.byteLength + (1 << 20))
    shifted.set(zeroed(volume, BLOCK, 2 * BLOCK), 1 << 20)
    await expect(open(shifted)).rejects.toMatchObject({ code: 'NOT_AN_IMAGE' })
  })

  it('is left alone where another file system has taken its place, or the disk was divided', async () => {
    const other = zeroed(volume, 0, 4 * BLOCK)
    other.set(new TextEncoder().encode('XFSB'))
    await expect(open(other)).rejects.toThrow(/XFS/)
    const divided = zeroed(volume, 0, 4 * BLOCK)
    divided.set(buildMbrDisk([{ start: 64, bytes: new Uint8Array(512), type: 0x83 }]).subarray(0, 512))
    expect((await open(divided)).info.views.map(({ id }) => id)).toEqual(['partitions'])
  })
})

describe('a superblock whose sum differs', () => {
  it('gives way to a copy whose sum fits', async () => {
    const bytes = withSecondGroup('ext4')
    // The number of inodes in a group: every inode would be another one.
    bytes[BLOCK + 41] = (bytes[BLOCK + 41] ?? 0) ^ 1
    const image = await open(bytes)
    expect(codes(image)).toEqual(['SUPERBLOCK_COPY_USED'])
    expect(await contentOf(image, 'hello.txt')).toBe('hello\n')
  })

  it('is looked for where the first one says that groups are', async () => {
    const bytes = sampleImage('ext/meta-groups.img.zst')
    bytes[BLOCK] = (bytes[BLOCK] ?? 0) ^ 1
    const image = await open(bytes)
    expect(codes(image)).toEqual(['SUPERBLOCK_COPY_USED'])
    expect(await contentOf(image, 'hello.txt')).toBe('hello\n')
  })

  it.each(['ext4', 'inline', 'bigalloc'])('but for its mark is proven whole: %s', async (name) => {
    const bytes = sampleImage(`ext/${name}.img.zst`)
    bytes[BLOCK + 56] = 0x43
    const image = await open(bytes)
    expect(codes(image)).toEqual(['SUPERBLOCK_COPY_USED'])
    expect(image.damage).toEqual([])
    expect(await contentOf(image, 'hello.txt')).toBe('hello\n')
  })
})

it('a journal that only the lost superblock told of is replayed', async () => {
  const bytes = zeroed(withSecondGroup('dirty'), BLOCK, 2 * BLOCK)
  const image = await open(bytes)
  expect(codes(image)).toEqual(['SUPERBLOCK_COPY_USED', 'JOURNAL_REPLAYED'])
  expect(await contentOf(image, 'hello.txt')).toBe('jrnal\n')
})
