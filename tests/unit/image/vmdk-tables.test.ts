import { describe, expect, it, test } from 'vitest'
import { buildVmdk, vmdkDescriptor } from '../../images/disk-builder'
import { buildIso, text } from '../../images/iso-builder'
import { codes, damages, openBytes, siblings } from '../../images/open-bytes'
import { itHasBytes } from './disk-bytes'

const GRAIN = 4096
/** Every grain of a file is another. */
const counted = (letter: string): Buffer =>
  Buffer.from(Array.from({ length: 12_000 }, (_, index) => `${letter}${index} `).join(''))
const disc = buildIso([
  { name: 'A.BIN;1', data: counted('a') },
  { name: 'Y.BIN;1', data: Buffer.alloc(90_000) },
  { name: 'Z.BIN;1', data: counted('z') },
]).bytes
const name = 'disk.vmdk'
const opened = (bytes: Uint8Array): ReturnType<typeof openBytes> => openBytes(bytes, { name })
const grainOf = (start: string): number => Math.ceil(Buffer.from(disc).indexOf(start) / GRAIN)
const [first, second] = [grainOf('a0 a1 '), grainOf('z0 z1 ')]
const sparse = (): Buffer => buildVmdk(disc, { hasCopies: true })
/** Of the tables: behind the header, the descriptor and the directory. */
const TABLE = 2048
const TABLE_LENGTH = 2048 * Math.ceil(disc.byteLength / GRAIN / 512)
const COPY = TABLE + TABLE_LENGTH + 512
const entryOf = (grain: number, table = TABLE): number => table + grain * 4

async function statusesOf(bytes: Uint8Array): Promise<Record<string, string>> {
  const image = await opened(bytes)
  const table = await image.view(image.info.defaultViewId).readTree()
  const all = Array.from({ length: table.length - 1 }, (_, index) => table.entry(index + 1))
  return Object.fromEntries(all.map(({ path, status }) => [path, status]))
}

describe('a sparse VMware disk with copies of its tables', () => {
  it('that is whole is nothing to be told of', async () => {
    const image = await opened(sparse())
    expect(codes(image)).toEqual([])
    await itHasBytes(image.blocks, disc)
  })

  test.each<[string, (bytes: Buffer) => void]>([
    ['entries that are zeros', (bytes) => bytes.fill(0, entryOf(first), entryOf(first) + 40)],
    ['a table of zeros', (bytes) => bytes.fill(0, TABLE, TABLE + TABLE_LENGTH)],
    ['a directory of zeros', (bytes) => bytes.fill(0, 1536, 2048)],
    ['a directory that leads behind the end', (bytes) => bytes.writeUInt32LE(0x7fffffff, 1536)],
    ['an entry that leads behind the end', (bytes) => bytes.writeUInt32LE(0x7fffffff, entryOf(first))],
    ['an entry that leads into the tables', (bytes) => bytes.writeUInt32LE(4, entryOf(first))],
    [
      'an entry that leads between grains',
      (bytes) => bytes.writeUInt32LE(bytes.readUInt32LE(entryOf(first)) + 3, entryOf(first)),
    ],
    ['an entry that is another', (bytes) => bytes.copyWithin(entryOf(first), entryOf(second), entryOf(second) + 4)],
  ])('takes from them what it has lost: %s', async (_, spoil) => {
    const bytes = sparse()
    spoil(bytes)
    const image = await opened(bytes)
    expect(damages(image)).toEqual(['DISK_TABLE_RECOVERED'])
    // Nothing is lost.
    expect(image.damage).toEqual([])
    await itHasBytes(image.blocks, disc)
  })

  test.each<[string, (bytes: Buffer) => void]>([
    ['entries that are zeros', (bytes) => bytes.fill(0, entryOf(first, COPY), entryOf(first, COPY) + 40)],
    ['an entry that leads behind the end', (bytes) => bytes.writeUInt32LE(0x7fffffff, entryOf(first, COPY))],
    [
      'an entry that is another',
      (bytes) => bytes.copyWithin(entryOf(first, COPY), entryOf(second), entryOf(second) + 4),
    ],
  ])('lacks nothing where the copies are damaged, which is told: %s', async (_, spoil) => {
    const bytes = sparse()
    spoil(bytes)
    const image = await opened(bytes)
    expect(damages(image)).toEqual(['DISK_TABLE_RECOVERED'])
    expect(image.damage).toEqual([])
    await itHasBytes(image.blocks, disc)
  })

  it('whose writer keeps none, though it says so, is none the worse for it', async () => {
    const bytes = sparse()
    bytes.fill(0, COPY, COPY + TABLE_LENGTH)
    const image = await opened(bytes)
    expect(damages(image)).toEqual([])
    await itHasBytes(image.blocks, disc)
  })

  it('is refused where the header leads to no directory: nothing says that the rest of it is right', async () => {
    const bytes = sparse()
    bytes.writeBigUInt64LE(2n ** 40n, 56)
    await expect(opened(bytes)).rejects.toThrow()
  })

  it('is doubtful where both can be right', async () => {
    const bytes = Buffer.concat([sparse(), Buffer.alloc(GRAIN, 'other')])
    bytes.writeUInt32LE((bytes.byteLength - GRAIN) / 512, entryOf(first))
    const image = await opened(bytes)
    expect(image.damage).toMatchObject([{ code: 'DISK_TABLES_DIFFER', byteOffset: entryOf(first) }])
    expect(await statusesOf(bytes)).toEqual({ 'A.BIN': 'partial', 'Y.BIN': 'complete', 'Z.BIN': 'complete' })
  })

  it('is doubtful where both lead to one place twice', async () => {
    const bytes = sparse()
    for (const table of [TABLE, COPY]) bytes.copyWithin(entryOf(first, table), entryOf(second), entryOf(second) + 4)
    expect((await opened(bytes)).damage).toMatchObject([{ code: 'DISK_BLOCK_TWICE', byteOffset: entryOf(first) }])
    expect(await statusesOf(bytes)).toEqual({ 'A.BIN': 'partial', 'Y.BIN': 'complete', 'Z.BIN': 'partial' })
  })
})

describe('a VMware disk without copies of its tables', () => {
  it('is doubtful where an extent of it leads to one place twice', async () => {
    const half = 20
    const extent = buildVmdk(disc.subarray(half * GRAIN))
    const spoilt = second - half
    extent.copyWithin(entryOf(spoilt), entryOf(spoilt + 3), entryOf(spoilt + 3) + 4)
    const lines = `RW ${half * 8} SPARSE "1.vmdk"\nRW ${disc.byteLength / 512 - half * 8} SPARSE "2.vmdk"`
    const beside = siblings({ '1.vmdk': buildVmdk(disc.subarray(0, half * GRAIN)), '2.vmdk': extent })
    const image = await openBytes(text(vmdkDescriptor(lines)), { name, ...beside })
    expect(damages(image)).toEqual(['DISK_BLOCK_TWICE'])
    const suspect = (grain: number): boolean | undefined => image.blocks.isSuspect?.(grain * GRAIN, GRAIN)
    expect([-1, 0, 1, 2, 3, 4].map((more) => suspect(second + more))).toEqual([false, true, false, false, true, false])
  })

  it('of a stream misses grains that lie in it, by their own numbers', async () => {
    const whole = buildVmdk(disc, { isStream: true })
    expect(codes(await opened(whole))).toEqual([])
    const directory = whole.byteLength - 512 * 4
    const table = directory - TABLE_LENGTH
    for (const [from, to] of [
      [first + 1, first + 5],
      [second + 2, Math.floor(disc.byteLength / GRAIN) + 1],
    ] as const) {
      const bytes = Buffer.from(whole)
      bytes.fill(0, entryOf(from, table), entryOf(to, table))
      const image = await opened(bytes)
      expect(image.damage.map(({ code }) => code)).toEqual(['DISK_BLOCK_LOST'])
      expect(image.blocks.isSuspect?.(from * GRAIN, 1)).toBe(true)
      expect(image.blocks.isSuspect?.((from - 1) * GRAIN, GRAIN)).toBe(false)
      const statuses = await statusesOf(bytes)
      expect(statuses[from > second ? 'Z.BIN' : 'A.BIN']).toBe('partial')
      expect(statuses['Y.BIN']).toBe('complete')
    }
  })
})
