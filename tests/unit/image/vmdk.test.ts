import { describe, expect, it, test } from 'vitest'
import { recordedIn } from '../../../src-main/image'
import { buildVmdk, vmdkDescriptor } from '../../images/disk-builder'
import { buildIso, text } from '../../images/iso-builder'
import { codes, openBytes, pathsOf, siblings } from '../../images/open-bytes'
import { itHasBytes } from './disk-bytes'

const disc = buildIso([
  { name: 'A.BIN;1', data: Buffer.alloc(90_000, 'content ') },
  { name: 'ZEROS.BIN;1', data: Buffer.alloc(100_000) },
]).bytes
const sectors = disc.byteLength / 512
const half = 20 * 8
const name = 'disk.vmdk'
const opened = (bytes: Uint8Array, beside: Record<string, Uint8Array> = {}): ReturnType<typeof openBytes> =>
  openBytes(bytes, { name, ...siblings(beside) })
const EXTENTS = `RW ${half} SPARSE "disk-s001.vmdk"\nRW ${sectors - half} FLAT "disk-f002.vmdk" 3\nRW 64 ZERO`
const beside = {
  'disk-s001.vmdk': buildVmdk(disc.subarray(0, half * 512)),
  'disk-f002.vmdk': Buffer.concat([Buffer.alloc(3 * 512, 1), disc.subarray(half * 512)]),
}

/** ESX's first form of a sparse disk: a directory of tables with 4096 entries, grains of a sector. */
function buildHostSparse(disk: Uint8Array): Buffer {
  const head = Buffer.alloc(4 * 512)
  head.write('COWD')
  head.writeUInt32LE(1, 4)
  head.writeUInt32LE(3, 8)
  head.writeUInt32LE(disk.byteLength / 512, 12)
  head.writeUInt32LE(1, 16)
  head.writeUInt32LE(4, 20)
  head.writeUInt32LE(1, 24)
  const directory = Buffer.alloc(512)
  directory.writeUInt32LE(5, 0)
  const table = Buffer.alloc(4096 * 4)
  for (let grain = 0; grain < disk.byteLength / 512; grain++) table.writeUInt32LE(5 + 32 + grain, grain * 4)
  return Buffer.concat([head, directory, table, disk])
}

describe('a VMware disk image', () => {
  test.each([
    ['sparse', buildVmdk(disc)],
    ['a stream', buildVmdk(disc, { isStream: true })],
    ['sparse as ESX has it', buildHostSparse(disc)],
  ])('%s', async (_, bytes) => {
    const image = await opened(bytes)
    expect(image.info.containers).toEqual(['vmdk'])
    await itHasBytes(image.blocks, disc)
    expect(await pathsOf(image)).toEqual(['A.BIN', 'ZEROS.BIN'])
    await image.close()
  })

  it('in extents of every kind', async () => {
    const image = await opened(text(vmdkDescriptor(EXTENTS)), beside)
    await itHasBytes(image.blocks, Buffer.concat([disc, Buffer.alloc(64 * 512)]))
    expect(codes(image)).toEqual([])
    await image.close()
  })

  it('is based on another', async () => {
    const descriptor = vmdkDescriptor(`RW ${sectors} SPARSE "disk.vmdk"`, 'aaaaaaaa', '12345678', 'base.vmdk')
    const own = disc.slice()
    own.fill(0, 20 * 4096, 30 * 4096)
    const image = await opened(buildVmdk(own, { descriptor }), { 'base.vmdk': buildVmdk(disc) })
    await itHasBytes(image.blocks, disc)
    await image.close()
  })

  it('takes nothing from one that was written to since', async () => {
    const descriptor = vmdkDescriptor(`RW ${sectors} SPARSE "disk.vmdk"`, 'aaaaaaaa', '87654321', 'base.vmdk')
    const image = await opened(buildVmdk(disc, { descriptor }), { 'base.vmdk': buildVmdk(disc) })
    expect(image.damage.map(({ code }) => code)).toEqual(['BASE_MISSING'])
    expect(recordedIn(image.blocks, 0, disc.byteLength)).toBeLessThan(disc.byteLength)
    await image.close()
  })
})

describe('a VMware disk image of which something is missing', () => {
  it('has its other extents', async () => {
    const image = await opened(text(vmdkDescriptor(EXTENTS)), { 'disk-s001.vmdk': beside['disk-s001.vmdk'] })
    expect(image.damage[0]?.message).toContain('“disk-f002.vmdk”, which “disk.vmdk” names, is missing')
    expect(recordedIn(image.blocks, 0, disc.byteLength)).toBe(half * 512)
    const table = await image.view(image.info.defaultViewId).readTree()
    const status = Object.fromEntries(
      Array.from({ length: table.length - 1 }, (_, i) => [table.entry(i + 1).path, table.entry(i + 1).status]),
    )
    expect(status['ZEROS.BIN']).not.toBe('complete')
    await image.close()
  })

  it('is refused by the name of the extent where there is none', async () => {
    await expect(opened(text(vmdkDescriptor(`RW ${sectors} FLAT "disk-flat.vmdk" 0`)))).rejects.toMatchObject({
      code: 'NOTHING_READABLE',
      message: expect.stringContaining('“disk-flat.vmdk”') as string,
    })
  })

  it('says that a grain does not unpack', async () => {
    const bytes = buildVmdk(disc, { isStream: true })
    bytes.fill(0xff, 1536 + 12, 1536 + 60)
    const opening = opened(bytes).then((image) => image.blocks.read(0, disc.byteLength))
    await expect(opening).rejects.toThrow(/a grain of it does not unpack|damaged/)
  })
})

describe('a VMware disk image that lies', () => {
  test.each(['/dev/sda', '../up.vmdk', '\\\\.\\PhysicalDrive0', 'C:\\x.vmdk'])(
    'an extent that lies elsewhere is never asked for: %s',
    async (extent) => {
      const asked: string[] = []
      const opening = openBytes(text(vmdkDescriptor(`RW 100 FLAT "${extent}" 0`)), {
        name,
        openSibling: (sibling) => {
          asked.push(sibling)
          return Promise.resolve(null)
        },
      })
      await expect(opening).rejects.toMatchObject({ message: expect.stringContaining(`“${extent}”`) as string })
      expect(asked).toEqual([])
    },
  )

  it('a base that lies elsewhere', async () => {
    const descriptor = vmdkDescriptor('RW 8 SPARSE "disk.vmdk"', 'aaaaaaaa', '12345678', '/etc/passwd')
    await expect(opened(buildVmdk(disc, { descriptor }))).rejects.toThrow(/“\/etc\/passwd”/)
    await expect(opened(text(descriptor))).rejects.toThrow(/“\/etc\/passwd”/)
  })

  test.each<[string, (bytes: Buffer) => void]>([
    ['grains of 0 sectors', (bytes) => bytes.writeBigUInt64LE(0n, 20)],
    ['2^60 sectors', (bytes) => bytes.writeBigUInt64LE(2n ** 60n, 12)],
    ['a directory behind the end', (bytes) => bytes.writeBigUInt64LE(2n ** 40n, 56)],
    ['tables of 0 entries', (bytes) => bytes.writeUInt32LE(0, 44)],
  ])('%s', async (_, spoil) => {
    const bytes = buildVmdk(disc)
    spoil(bytes)
    await expect(opened(bytes)).rejects.toMatchObject({ code: 'UNSUPPORTED_CONTAINER' })
  })
})
