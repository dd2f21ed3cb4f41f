import { describe, expect, it, test } from 'vitest'
import { buildQcow2 } from '../../images/disk-builder'
import { buildIso } from '../../images/iso-builder'
import { codes, damages, openBytes, siblings } from '../../images/open-bytes'
import { countAt, withCounts } from '../../images/qcow2-counts'
import { itHasBytes } from './disk-bytes'

const CLUSTER = 4096
/** Every cluster of a file is another. */
const counted = (letter: string): Buffer =>
  Buffer.from(Array.from({ length: 12_000 }, (_, index) => `${letter}${index} `).join(''))
const disc = buildIso([
  { name: 'A.BIN;1', data: counted('a') },
  { name: 'Y.BIN;1', data: Buffer.alloc(90_000) },
  { name: 'Z.BIN;1', data: counted('z') },
]).bytes
const clusterOf = (start: string): number => Math.ceil(Buffer.from(disc).indexOf(start) / CLUSTER)
const [first, second] = [clusterOf('a0 a1 '), clusterOf('z0 z1 ')]
const name = 'disk.qcow2'
const opened = (bytes: Uint8Array): ReturnType<typeof openBytes> => openBytes(bytes, { name })
/** Second tables lie behind the header and the first one. */
const entryOf = (cluster: number): number => 2 * CLUSTER + cluster * 8
const placeOf = (bytes: Buffer, cluster: number): number =>
  Number(bytes.readBigUInt64BE(entryOf(cluster)) & 0x00fffffffffffe00n) / CLUSTER

async function statusesOf(bytes: Uint8Array): Promise<Record<string, string>> {
  const image = await opened(bytes)
  const table = await image.view(image.info.defaultViewId).readTree()
  const all = Array.from({ length: table.length - 1 }, (_, index) => table.entry(index + 1))
  return Object.fromEntries(all.map(({ path, status }) => [path, status]))
}
const COMPLETE = { 'A.BIN': 'complete', 'Y.BIN': 'complete', 'Z.BIN': 'complete' }

describe.each([
  ['as they are', {}],
  ['packed', { packed: 'deflate' }],
] as const)('the tables of a QEMU disk whose clusters lie %s', (_, options) => {
  const whole = (): Buffer => withCounts(buildQcow2(disc, options))

  it('that are whole are nothing to be told of', async () => {
    const image = await opened(whole())
    expect(codes(image)).toEqual([])
    await itHasBytes(image.blocks, disc)
  })

  test.each([
    ['that are counted', true],
    ['that nobody counts', false],
  ])('that lead to one place twice are told, and the files are partial: clusters %s', async (__, hasCounts) => {
    // Packed clusters share those of the file.
    if ('packed' in options && !hasCounts) return
    const bytes = hasCounts ? whole() : buildQcow2(disc, options)
    bytes.copyWithin(entryOf(first), entryOf(second), entryOf(second) + 8)
    const image = await opened(bytes)
    expect(image.damage.map(({ code }) => code)).toContain('DISK_BLOCK_TWICE')
    expect(await statusesOf(bytes)).toMatchObject({ 'A.BIN': 'partial', 'Z.BIN': 'partial' })
  })

  it('that have lost entries are told by the clusters that nothing leads to', async () => {
    const bytes = whole()
    bytes.fill(0, entryOf(first), entryOf(first + 8))
    const image = await opened(bytes)
    expect(damages(image)).toEqual(['DISK_BLOCK_LOST'])
    expect(await statusesOf(bytes)).toEqual({ ...COMPLETE, 'A.BIN': 'partial' })
  })
})

describe('the tables of a QEMU disk', () => {
  const whole = (): Buffer => withCounts(buildQcow2(disc))

  it('that have lost a table of entries', async () => {
    const big = Buffer.concat([disc, Buffer.alloc(3 << 20, 'more')])
    const bytes = withCounts(buildQcow2(big))
    bytes.writeBigUInt64BE(0n, CLUSTER + 8)
    const image = await opened(bytes)
    expect(damages(image)).toEqual(['DISK_BLOCK_LOST'])
    expect(image.blocks.isSuspect?.(512 * CLUSTER, 1)).toBe(true)
    expect(image.blocks.isSuspect?.(0, 512 * CLUSTER)).toBe(false)
  })

  test.each([
    ['to a table behind the end', CLUSTER, 2n ** 40n, 'DISK_TABLE_LOST'],
    ['to between two clusters', entryOf(first), BigInt(40 * CLUSTER + 512), 'DISK_ENTRY_ODD'],
  ])('that lead %s are told', async (_, at, entry, code) => {
    const big = Buffer.concat([disc, Buffer.alloc(3 << 20, 'more')])
    const bytes = withCounts(buildQcow2(big))
    bytes.writeBigUInt64BE(entry | (1n << 63n), at === CLUSTER ? CLUSTER + 8 : at)
    expect(damages(await opened(bytes))).toContain(code)
  })

  it('have lost nothing where counts alone are blank, which is told', async () => {
    const bytes = whole()
    const at = countAt(bytes, placeOf(bytes, first))
    bytes.fill(0, at, at + 16)
    const image = await opened(bytes)
    expect(damages(image)).toEqual(['DISK_COUNTS_DAMAGED'])
    expect(image.damage).toEqual([])
    expect(await statusesOf(bytes)).toEqual(COMPLETE)
  })

  it('lead to one place twice in the file that holds the data', async () => {
    const bytes = buildQcow2(disc, { dataName: 'data.raw' })
    const beside = siblings({ 'data.raw': disc })
    expect(codes(await openBytes(bytes, { name, ...beside }))).toEqual([])
    bytes.copyWithin(entryOf(first), entryOf(second), entryOf(second) + 8)
    const image = await openBytes(bytes, { name, ...beside })
    expect(image.damage).toMatchObject([{ code: 'DISK_BLOCK_TWICE', byteOffset: entryOf(first) }])
    expect(image.blocks.isSuspect?.(second * CLUSTER, 1)).toBe(true)
  })

  it('are not compared with counts that were put off', async () => {
    const bytes = whole()
    const at = countAt(bytes, placeOf(bytes, first))
    bytes.fill(0, at, at + 16)
    bytes.writeUInt32BE(1, 76)
    expect(codes(await opened(bytes))).toEqual([])
  })

  it('miss nothing of what a computer that was cut off has left behind', async () => {
    // Written last, and out of order: no hole of the table is where it lies.
    const bytes = Buffer.concat([whole(), Buffer.alloc(CLUSTER, 'left')])
    const swapped = [entryOf(first), entryOf(second)] as const
    const [a, b] = swapped.map((at) => bytes.readBigUInt64BE(at))
    bytes.writeBigUInt64BE(b!, swapped[0])
    bytes.writeBigUInt64BE(a!, swapped[1])
    bytes.writeUInt16BE(1, countAt(bytes, bytes.byteLength / CLUSTER - 1))
    const image = await opened(bytes)
    expect(codes(image)).toEqual(['DISK_BLOCKS_UNUSED'])
    expect(damages(image)).toEqual([])
    expect(await statusesOf(bytes)).toEqual(COMPLETE)
  })

  it('miss nothing of what was written last, be it where a hole of the table is', async () => {
    const bytes = whole()
    const clusters = Array.from({ length: 512 }, (_, at) => at).filter((at) => placeOf(bytes, at) > 0)
    const [last = 0, third = 0] = [clusters.at(-1), clusters.at(-3)]
    for (const cluster of [last, third]) bytes.writeBigUInt64BE(0n, entryOf(cluster))
    const image = await opened(bytes)
    expect(codes(image)).toEqual(['DISK_BLOCKS_UNUSED'])
    expect(damages(image)).toEqual([])
    // What lies between clusters that are led to was not written last.
    bytes.writeBigUInt64BE(0n, entryOf(first))
    expect(damages(await opened(bytes))).toEqual(['DISK_BLOCK_LOST'])
  })

  it('miss no cluster of zeros', async () => {
    const bytes = whole()
    const place = placeOf(bytes, first)
    bytes.fill(0, place * CLUSTER, (place + 1) * CLUSTER)
    bytes.writeBigUInt64BE(0n, entryOf(first))
    expect(damages(await opened(bytes))).toEqual([])
  })

  it('of earlier states of the disk lead to clusters too', async () => {
    // A snapshot whose first table is a copy: all but the header, and the counts, is in use twice.
    const bytes = whole()
    const table = bytes.byteLength / CLUSTER
    const record = Buffer.alloc(CLUSTER)
    record.writeBigUInt64BE(BigInt(table * CLUSTER), 0)
    record.writeUInt32BE(bytes.readUInt32BE(36), 8)
    const both = Buffer.concat([bytes, bytes.subarray(CLUSTER, 2 * CLUSTER), record])
    both.writeUInt32BE(1, 60)
    both.writeBigUInt64BE(BigInt((table + 1) * CLUSTER), 64)
    for (const cluster of [table, table + 1]) both.writeUInt16BE(1, countAt(both, cluster))
    expect(damages(await opened(both))).toEqual(['DISK_BLOCK_TWICE'])
    const last = Number(both.readBigUInt64BE(48)) / CLUSTER
    for (let cluster = 2; cluster < last; cluster++)
      both.writeUInt16BE(both.readUInt16BE(countAt(both, cluster)) * 2, countAt(both, cluster))
    expect(codes(await opened(both))).toEqual([])
    // Without it, nothing leads to them twice, which costs nothing.
    both.writeUInt32BE(0, 60)
    expect(damages(await opened(both))).toEqual([])
  })
})
