import { createHash } from 'node:crypto'
import { describe, expect, it, test } from 'vitest'
import { buildVdi, buildVhd } from '../../images/disk-builder'
import { buildVhdx, VHDX_BLOCKS } from '../../images/vhdx-builder'
import { buildIso } from '../../images/iso-builder'
import { codes, damages, openBytes, siblings } from '../../images/open-bytes'

const MIB = 1 << 20
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
const noise = (byteLength: number, seed: number): Buffer =>
  Buffer.concat(Array.from({ length: Math.ceil(byteLength / 32) }, (_, index) => digest(`${seed} ${index}`))).subarray(
    0,
    byteLength,
  )
const discOf = (byteLength: number): Uint8Array =>
  buildIso([
    { name: 'A.BIN;1', data: noise(byteLength, 1) },
    { name: 'Y.BIN;1', data: Buffer.alloc(byteLength) },
    { name: 'Z.BIN;1', data: noise(byteLength, 2) },
  ]).bytes
const small = discOf(90_000)
const large = discOf(3 * MIB)
/** The block of a disk in which a file lies with all of it, counted from the file's end. */
const blockWithin = (disc: Uint8Array, seed: number, blockLength: number): number => {
  const at = Buffer.from(disc).indexOf(noise(4096, seed))
  return Math.ceil(at / blockLength)
}

interface Disk {
  name: string
  blockLength: number
  disc: Uint8Array
  bytes: () => Buffer
  /** Where a block's entry stands. */
  entryOf: (block: number) => number
  entryLength: number
  /** An entry that leads nowhere. */
  nowhere: number
}

const DISKS: Disk[] = [
  {
    name: 'disk.vdi',
    blockLength: 8192,
    disc: small,
    bytes: () => buildVdi(small),
    entryOf: (block) => 512 + block * 4,
    entryLength: 4,
    nowhere: 0xff,
  },
  {
    name: 'disk.vhd',
    blockLength: 16_384,
    disc: small,
    bytes: () => buildVhd(small),
    entryOf: (block) => 1536 + block * 4,
    entryLength: 4,
    nowhere: 0xff,
  },
  {
    name: 'disk.vhdx',
    blockLength: MIB,
    disc: large,
    bytes: () => buildVhdx(large),
    entryOf: (block) => 3 * MIB + block * 8,
    entryLength: 8,
    nowhere: 0,
  },
]

async function statusesOf(bytes: Uint8Array, name: string): Promise<Record<string, string>> {
  const image = await openBytes(bytes, { name })
  const table = await image.view(image.info.defaultViewId).readTree()
  const all = Array.from({ length: table.length - 1 }, (_, index) => table.entry(index + 1))
  return Object.fromEntries(all.map(({ path, status }) => [path, status]))
}

describe.each(DISKS)(
  'a table of blocks: $name',
  ({ name, blockLength, disc, bytes, entryOf, entryLength, nowhere }) => {
    const block = blockWithin(disc, 1, blockLength)
    const other = blockWithin(disc, 2, blockLength)

    it('that is whole is nothing to be told of', async () => {
      const image = await openBytes(bytes(), { name })
      expect(codes(image)).toEqual([])
      expect('isSuspect' in image.blocks).toBe(false)
      expect(await statusesOf(bytes(), name)).toEqual({ 'A.BIN': 'complete', 'Y.BIN': 'complete', 'Z.BIN': 'complete' })
    })

    it('that leads to one place twice is told, and the files are partial', async () => {
      const spoilt = bytes()
      spoilt.copyWithin(entryOf(block), entryOf(other), entryOf(other) + entryLength)
      const image = await openBytes(spoilt, { name })
      expect(image.damage).toMatchObject([{ code: 'DISK_BLOCK_TWICE', byteOffset: entryOf(block) }])
      expect(await statusesOf(spoilt, name)).toEqual({ 'A.BIN': 'partial', 'Y.BIN': 'complete', 'Z.BIN': 'partial' })
      const content = (await image.view(image.info.defaultViewId).lookup('A.BIN'))!.content!
      await content.read(0, content.byteLength)
      expect(content.damage).toContain('has two of them at one place')
    })

    it('that has lost an entry is told by the block that nothing leads to', async () => {
      const spoilt = bytes()
      spoilt.fill(nowhere, entryOf(block), entryOf(block) + entryLength)
      expect(damages(await openBytes(spoilt, { name }))).toEqual(['DISK_BLOCK_LOST'])
      expect(await statusesOf(spoilt, name)).toEqual({ 'A.BIN': 'partial', 'Y.BIN': 'complete', 'Z.BIN': 'complete' })
    })

    it('that has lost the last of its entries is told', async () => {
      const spoilt = bytes()
      let last = Math.ceil(disc.byteLength / blockLength) - 1
      const isNowhere = (at: number): boolean =>
        nowhere === 0 ? spoilt[at] === 0 : spoilt.subarray(at, at + entryLength).every((byte) => byte >= 0xfe)
      while (isNowhere(entryOf(last))) last--
      spoilt.fill(nowhere, entryOf(last), entryOf(last) + entryLength)
      expect(damages(await openBytes(spoilt, { name }))).toEqual(['DISK_BLOCK_LOST'])
    })

    it('misses no block of zeros', async () => {
      const spoilt = bytes()
      spoilt.fill(nowhere, entryOf(block), entryOf(block) + entryLength)
      const at = Buffer.from(spoilt).indexOf(disc.subarray(block * blockLength, block * blockLength + 4096))
      // With the bitmap in front of it, of a disk that has one.
      spoilt.fill(0, name.endsWith('vhd') ? at - 512 : at, at + blockLength)
      expect(damages(await openBytes(spoilt, { name }))).toEqual([])
    })

    it('that was not written in order is none the worse for it', async () => {
      const spoilt = bytes()
      const [first, second] = [block, other].map((each) =>
        Buffer.from(spoilt.subarray(entryOf(each), entryOf(each) + entryLength)),
      )
      spoilt.set(second!, entryOf(block))
      spoilt.set(first!, entryOf(other))
      expect(codes(await openBytes(spoilt, { name }))).toEqual([])
    })
  },
)

describe('a table of blocks', () => {
  it('of VirtualBox that counts otherwise, and lacks nothing, is told in passing', async () => {
    const bytes = buildVdi(small)
    bytes.writeUInt32LE(bytes.readUInt32LE(388) + 1, 388)
    const image = await openBytes(bytes, { name: 'disk.vdi' })
    expect(codes(image)).toEqual(['DISK_COUNTS_DIFFER'])
    expect(damages(image)).toEqual([])
  })

  test.each([
    ['that there is not', 5, 'DISK_BLOCK_STATE'],
    ['of zeros, though it has a place that is none', 2, 'DISK_BLOCK_LOST'],
  ])('of Hyper-V has a block in a state %s', async (_, state, code) => {
    const bytes = buildVhdx(large)
    const at = 3 * MIB + blockWithin(large, 1, MIB) * 8
    bytes[at] = (bytes[at] ?? 0) - 6 + state
    expect(damages(await openBytes(bytes, { name: 'disk.vhdx' }))).toEqual([code])
    expect((await statusesOf(bytes, 'disk.vhdx'))['A.BIN']).toBe('partial')
  })

  it('of Hyper-V is found by the second table of regions, which is told', async () => {
    const bytes = buildVhdx(large)
    bytes.fill(0, 192 << 10, (192 << 10) + 512)
    const image = await openBytes(bytes, { name: 'disk.vhdx' })
    expect(damages(image)).toEqual(['DISK_TABLE_RECOVERED'])
    expect(image.damage).toEqual([])
  })

  it('of Hyper-V with a block that was trimmed and has kept its place', async () => {
    const bytes = buildVhdx(large)
    const at = 3 * MIB + blockWithin(large, 1, MIB) * 8
    bytes[at] = (bytes[at] ?? 0) - 6 + 3
    expect(codes(await openBytes(bytes, { name: 'disk.vhdx' }))).toEqual([])
  })

  it('leads into the tables themselves', async () => {
    const bytes = buildVhdx(large)
    const at = 3 * MIB + blockWithin(large, 1, MIB) * 8
    bytes.writeBigUInt64LE(BigInt(2 * MIB) | 6n, at)
    expect(VHDX_BLOCKS).toBeGreaterThan(2 * MIB)
    expect(damages(await openBytes(bytes, { name: 'disk.vhdx' }))).toEqual(['DISK_BLOCK_TWICE'])
  })
})

describe('a disk that is based on one whose table is damaged', () => {
  it('is doubtful where it takes from it', async () => {
    const base = buildVhd(small)
    const at = 1536 + blockWithin(small, 1, 16_384) * 4
    base.fill(0xff, at, at + 4)
    const child = buildVhd(small, { id: 8, baseId: 7, baseName: 'base.vhd', hasSector: (sector) => sector < 20 * 4 })
    const image = await openBytes(child, { name: 'disk.vhd', ...siblings({ 'base.vhd': base }) })
    expect(damages(image)).toContain('DISK_BLOCK_LOST')
    const table = await image.view(image.info.defaultViewId).readTree()
    expect(table.entry(1)).toMatchObject({ path: 'A.BIN', status: 'partial' })
  })
})
