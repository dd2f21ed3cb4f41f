import { describe, expect, it, test } from 'vitest'
import { recordedIn } from '../../../src-main/image'
import { buildQcow2 } from '../../images/disk-builder'
import { buildIso } from '../../images/iso-builder'
import { codes, contentOf, openBytes, siblings } from '../../images/open-bytes'
import { sampleImage } from '../../images/small-tree'
import { itHasBytes } from './disk-bytes'

const LONG = Array.from({ length: 40_000 }, (_, index) => `${(index * 7919) % 100_003}`).join(' ')
const disc = buildIso([
  { name: 'LONG.TXT;1', data: LONG },
  { name: 'ZEROS.BIN;1', data: Buffer.alloc(100_000) },
]).bytes
const name = 'disk.qcow2'
const opened = (bytes: Uint8Array, beside: Record<string, Uint8Array> = {}): ReturnType<typeof openBytes> =>
  openBytes(bytes, { name, ...siblings({ [name]: bytes, ...beside }) })

describe('a QEMU disk image', () => {
  test.each([
    ['as it is', {}],
    ['of clusters of 512 bytes', { clusterBits: 9 }],
    ['of clusters of 2 MiB', { clusterBits: 21 }],
    ['deflated', { packed: 'deflate' }],
    ['packed by zstd', { packed: 'zstd', clusterBits: 16 }],
  ] as const)('%s', async (_, options) => {
    const image = await opened(buildQcow2(disc, options))
    await itHasBytes(image.blocks, disc)
    expect(await contentOf(image, 'LONG.TXT')).toBe(LONG)
    await image.close()
  })

  it('keeps its data in another file', async () => {
    const image = await opened(buildQcow2(disc, { dataName: 'data.raw' }), { 'data.raw': disc })
    await itHasBytes(image.blocks, disc)
    await image.close()
  })

  it('is based on a plain image, and on another of its kind', async () => {
    const isLeftOut = (cluster: number): boolean => cluster % 3 === 1
    const middle = buildQcow2(disc, { baseName: 'base.raw', baseFormat: 'raw', isLeftOut })
    const top = buildQcow2(disc, { baseName: 'middle.qcow2', isLeftOut: (cluster) => cluster % 3 !== 0 })
    const image = await opened(top, { 'middle.qcow2': middle, 'base.raw': disc })
    await itHasBytes(image.blocks, disc)
    await image.close()
  })

  it('reads zeros where its base ends', async () => {
    const base = disc.subarray(0, disc.byteLength - 4096 * 5)
    const bytes = buildQcow2(disc, { baseName: 'base.raw', isLeftOut: () => true })
    const image = await opened(bytes, { 'base.raw': base })
    const all = disc.slice()
    all.fill(0, base.byteLength)
    await itHasBytes(image.blocks, all)
    await image.close()
  })
})

describe('the format that a base is said to have (qcow2.txt, “Backing file format name”)', () => {
  const isLeftOut = (): boolean => true
  const inner = buildQcow2(disc)

  it('a disk image that is taken as it is, is not looked into', async () => {
    const bytes = buildQcow2(Buffer.alloc(1 << 20), { baseName: 'base', baseFormat: 'raw', isLeftOut })
    await expect(opened(bytes, { base: inner })).rejects.toMatchObject({
      code: 'NOTHING_READABLE',
      message: expect.stringContaining('begins like a disk image itself') as string,
    })
  })

  it('a disk that holds a disk image among what is read gives it as it is', async () => {
    const held = Buffer.concat([disc.subarray(0, 32768), disc.subarray(32768)])
    held.set(inner.subarray(0, 512), 0)
    const image = await opened(buildQcow2(held))
    await itHasBytes(image.blocks, held)
    expect(image.info.containers).toEqual(['qcow2'])
    await image.close()
  })

  test.each([undefined, 'qcow2'])('is looked into where it is %s', async (baseFormat) => {
    const bytes = buildQcow2(disc, { baseName: 'base', isLeftOut, ...(baseFormat === undefined ? {} : { baseFormat }) })
    const image = await opened(bytes, { base: inner })
    await itHasBytes(image.blocks, disc)
    await image.close()
  })

  test.each([
    ['qcow2', /“base” is not the disk that “disk.qcow2” is based on, which is one of QEMU’s format “qcow2”/],
    ['vpc', /format “vpc”/],
    ['qed', /format “qed”, which is not read/],
    ['constructor', /format “constructor”, which is not read/],
  ])('nothing is taken of a base that is no %s', async (baseFormat, message) => {
    await expect(
      opened(buildQcow2(disc, { baseName: 'base', baseFormat, isLeftOut }), { base: disc }),
    ).rejects.toMatchObject({ code: 'NOTHING_READABLE', message: expect.stringMatching(message) as string })
  })
})

describe('a QEMU disk image of which something is missing', () => {
  const isLeftOut = (cluster: number): boolean => cluster > 40

  it('has what is its own where its base is not there', async () => {
    const image = await opened(buildQcow2(disc, { baseName: 'base.raw', isLeftOut }))
    expect(image.damage.map(({ message }) => message).join()).toContain('“base.raw”, which is missing')
    expect(recordedIn(image.blocks, 0, disc.byteLength)).toBe(41 * 4096)
    const table = await image.view(image.info.defaultViewId).readTree()
    expect(table.entry(1).status).toBe('partial')
    await image.close()
  })

  it.each([
    ['ext/ext4.img.zst', (cluster: number) => cluster > 40 && cluster % 3 === 0],
    ['ntfs/small.img.zst', (cluster: number) => cluster > 40 && cluster % 3 === 0],
    ['squashfs/lz4.squashfs', (cluster: number) => cluster > 0 && cluster < 8],
  ] as const)('lists what it knows of, and files without their bytes as lost: %s', async (sample, isOdd) => {
    const disk = sampleImage(sample)
    const image = await opened(buildQcow2(disk, { baseName: 'base.raw', baseFormat: 'raw', isLeftOut: isOdd }))
    expect(image.damage.map(({ message }) => message).join()).toContain('“base.raw”, which is missing')
    const table = await image.view(image.info.defaultViewId).readTree()
    const statuses = Array.from({ length: table.length - 1 }, (_, index) => table.statusOf(index + 1))
    expect(statuses).toContain('complete')
    expect(statuses.filter((status) => status !== 'complete').length).toBeGreaterThan(0)
    await image.close()
  })

  it('names its base where a file system is there, and lacks what lies in the base', async () => {
    const disk = sampleImage('ext/ext4.img.zst')
    const bytes = buildQcow2(disk, { baseName: 'base.raw', isLeftOut: (cluster) => cluster > 3 })
    await expect(opened(bytes)).rejects.toMatchObject({
      code: 'NOTHING_READABLE',
      message: expect.stringMatching(/“base.raw”, which is missing.*Nothing can be opened without it/) as string,
    })
  })

  it('is refused where nothing of it can be read', async () => {
    await expect(opened(buildQcow2(disc, { baseName: 'base.raw', isLeftOut: () => true }))).rejects.toMatchObject({
      code: 'NOTHING_READABLE',
      message: expect.stringContaining('“base.raw”') as string,
    })
    await expect(opened(buildQcow2(disc, { dataName: 'data.raw' }))).rejects.toThrow(/“data.raw”/)
  })

  it('says that it ends early', async () => {
    const whole = buildQcow2(disc)
    const image = await opened(whole.subarray(0, whole.byteLength - 60_000))
    await expect(image.blocks.read(0, disc.byteLength)).rejects.toThrow(/ends before its last block/)
    expect(recordedIn(image.blocks, 0, disc.byteLength)).toBeLessThan(disc.byteLength)
    await image.close()
  })

  it('says that a cluster does not unpack', async () => {
    const bytes = buildQcow2(disc, { packed: 'deflate' })
    bytes.fill(0xff, bytes.byteLength - 9000)
    const image = await opened(bytes)
    await expect(image.blocks.read(0, disc.byteLength)).rejects.toThrow(/a cluster of it does not unpack/)
    await image.close()
  })
})

describe('a QEMU disk image that lies', () => {
  test.each(['/etc/passwd', '../up.raw', 'C:\\disk.raw', 'http://host/disk', 'json:{"driver":"raw"}', '..'])(
    'a base that lies elsewhere is never asked for: %s',
    async (baseName) => {
      const asked: string[] = []
      const opening = openBytes(buildQcow2(disc, { baseName }), {
        name,
        openSibling: (sibling) => {
          asked.push(sibling)
          return Promise.resolve(null)
        },
      })
      await expect(opening).rejects.toMatchObject({
        code: 'UNSUPPORTED_CONTAINER',
        message: expect.stringContaining(`“${baseName}”`) as string,
      })
      expect(asked).toEqual([])
    },
  )

  it('a data file that lies elsewhere', async () => {
    await expect(opened(buildQcow2(disc, { dataName: '/dev/sda' }))).rejects.toThrow(/“\/dev\/sda”/)
  })

  it('is its own base, or that of its base', async () => {
    await expect(opened(buildQcow2(disc, { baseName: name }))).rejects.toThrow(/is based on itself/)
    const other = buildQcow2(disc, { baseName: name })
    await expect(opened(buildQcow2(disc, { baseName: 'other' }), { other })).rejects.toThrow(/is based on itself/)
  })

  it('is based on too many', async () => {
    const chain = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`b${index}`, buildQcow2(disc, { baseName: `b${index + 1}` })]),
    )
    await expect(opened(chain.b0!, chain)).rejects.toThrow(/more than 16 disks/)
  })

  it('is encrypted, or has features that nobody knows', async () => {
    await expect(opened(buildQcow2(disc, { encryption: 2 }))).rejects.toThrow(/encrypted/)
    await expect(opened(buildQcow2(disc, { features: 64 }))).rejects.toThrow(/features that are not known/)
  })

  test.each<[string, (bytes: Buffer) => void]>([
    ['a table of 2^31 entries', (bytes) => bytes.writeUInt32BE(2 ** 31, 36)],
    ['2^60 bytes', (bytes) => bytes.writeBigUInt64BE(2n ** 60n, 24)],
    ['clusters of 2^63 bytes', (bytes) => bytes.writeUInt32BE(63, 20)],
    ['a table behind the end', (bytes) => bytes.writeBigUInt64BE(2n ** 40n, 40)],
  ])('%s', async (_, spoil) => {
    const bytes = buildQcow2(disc)
    spoil(bytes)
    await expect(opened(bytes)).rejects.toMatchObject({ code: 'UNSUPPORTED_CONTAINER' })
  })

  it('a table that is its own table ends', async () => {
    const bytes = buildQcow2(disc)
    bytes.writeBigUInt64BE(4096n | (1n << 63n), 4096)
    const image = await opened(bytes).catch((error: unknown) => error as Error)
    if (!(image instanceof Error)) {
      expect(codes(image)).toBeDefined()
      await image.close()
    }
  })
})
