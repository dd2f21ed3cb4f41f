import { describe, expect, it, test } from 'vitest'
import { DiagnosticLog } from '../../../src-main/image/core/diagnostic-log'
import { AllocationCheck } from '../../../src-main/image/filesystems/exfat/allocation-check'
import type { ExfatBoot } from '../../../src-main/image/filesystems/exfat/boot-sector'
import { buildExfat } from '../../images/exfat-builder'
import { text } from '../../images/iso-builder'
import { damages, openBytes, pathsOf } from '../../images/open-bytes'
import { seq } from '../../images/small-tree'

/** What an exFAT volume contradicts itself in: nothing that is lost by it is lost without a word. */
const SECTOR = 512
const FAT = 24 * SECTOR
const HEAP = 32 * SECTOR
const CLUSTER = 4096
const built = buildExfat(
  [
    { name: 'first', data: text(seq(1, 3000)), isFragmented: true },
    { name: 'second', data: text(seq(1, 3000)), isFragmented: true },
    { name: 'folder', children: Array.from({ length: 20 }, (_, index) => ({ name: `f${index}`, data: text('x') })) },
  ],
  'CARD',
)
const placeOf = (cluster: number): number => HEAP + (cluster - 2) * CLUSTER

async function told(
  change: (bytes: Uint8Array, view: DataView) => void,
): Promise<{ codes: string[]; paths: string[] }> {
  const bytes = new Uint8Array(built)
  change(bytes, new DataView(bytes.buffer))
  const image = await openBytes(bytes, { name: 'card.img' })
  const paths = await pathsOf(image)
  const codes = [...new Set(damages(image))]
  await image.close()
  return { codes, paths }
}

/** Where the set of entries of a file begins: 32 bytes for the file, 32 for its stream, and its name. */
function setOf(name: string): number {
  const at = Buffer.from(built).indexOf(Buffer.from(name, 'utf16le'), HEAP)
  expect(at).toBeGreaterThan(HEAP)
  return at - 2 - 64
}

/** The first cluster of a file, and those that its chain leads to. */
function chainOf(name: string): number[] {
  const view = new DataView(built.buffer)
  const clusters = [view.getUint32(setOf(name) + 52, true)]
  for (;;) {
    const next = view.getUint32(FAT + (clusters.at(-1) ?? 0) * 4, true)
    if (next >= 0xfffffff0) return clusters
    clusters.push(next)
  }
}

it('is silent where nothing is wrong', async () => {
  expect(await told(() => undefined)).toMatchObject({ codes: [] })
})

test.each([0x84, 0x05, 0x81, 0xa5])('an entry of a file whose type is %i instead is missed', async (type) => {
  const { codes, paths } = await told((bytes) => (bytes[setOf('f7')] = type))
  expect([codes.includes('DIRECTORY_UNREADABLE'), paths.includes('folder/f7')]).toEqual([true, false])
})

test('a directory that ends in front of files is told', async () => {
  const { codes, paths } = await told((bytes) => (bytes[setOf('f7')] = 0))
  expect([codes, paths.includes('folder/f8')]).toEqual([['DIRECTORY_UNREADABLE'], false])
})

test('a deleted file is no damage', async () => {
  const { codes, paths } = await told((bytes) => {
    for (const [entry, type] of [0x05, 0x40, 0x41].entries()) bytes[setOf('f7') + entry * 32] = type
  })
  expect([codes, paths.includes('folder/f7')]).toEqual([[], false])
})

describe('a link of the allocation table', () => {
  const [first, second] = [chainOf('first'), chainOf('second')]
  const link = (cluster: number, to: number) => (_: Uint8Array, view: DataView) =>
    view.setUint32(FAT + cluster * 4, to, true)

  test.each([
    ['into another file', link(first[0] ?? 0, second[1] ?? 0)],
    ['to a cluster that is marked as free', link(first[0] ?? 0, 400)],
    ['on, behind the end of its file', link(first.at(-1) ?? 0, 400)],
    ['that ends too early', link(first[1] ?? 0, 0xffffffff)],
  ])('%s is told', async (_what, change) => {
    expect((await told(change)).codes).toEqual(['CLUSTERS_WRONG'])
  })
})

test('a cluster of a file that the bitmap has as free is told', async () => {
  const cluster = chainOf('first')[1] ?? 0
  const { codes } = await told((bytes) => {
    const at = placeOf(2) + ((cluster - 2) >> 3)
    bytes[at] = (bytes[at] ?? 0) & ~(1 << ((cluster - 2) & 7))
  })
  expect(codes).toEqual(['CLUSTERS_WRONG'])
})

test('of clusters that a volume only says it has, none is looked at', () => {
  const boot = { clusterLength: 512, heapOffset: 0, clusterCount: 0xffffff00 } as ExfatBoot
  const log = new DiagnosticLog()
  const check = new AllocationCheck(boot, 4096, log)
  const beyond = { runs: [8192, 2 ** 41], hasMore: false }
  check.keep('one', beyond)
  check.keep('two', beyond)
  check.settle()
  expect(log.entries).toEqual([])
  check.keep('three', { runs: [0, 1024], hasMore: false })
  check.keep('four', { runs: [512, 2 ** 41], hasMore: false })
  expect(log.entries.map(({ message }) => message)).toEqual([
    expect.stringContaining('“four” has clusters that another'),
  ])
})
