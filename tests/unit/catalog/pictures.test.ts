import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  connect,
  endOfFiles,
  EntryWriter,
  ImageStore,
  locationKey,
  mapDisc,
  mapSizes,
  migrate,
  MIGRATIONS,
  OutlineReader,
  type Connection,
} from '../../../src-main/catalog'
import { sumFolders, type ViewOutline } from '../../../src-main/catalog/view-outline'
import { openSample, temporaryFolder } from '../support'

interface File {
  parent?: number
  size?: number
  at?: number
  /** 0 whole, 1 partial, 2 lost. */
  status?: number
  isDirectory?: boolean
}

/** Entry 0 is the root. */
function outlineOf(files: File[]): ViewOutline {
  const all = [{ isDirectory: true }, ...files] as File[]
  return {
    length: all.length,
    isComplete: true,
    parent: Uint32Array.from(all, ({ parent = 0 }) => parent),
    byteLength: Float64Array.from(all, ({ size = 0 }) => size),
    position: Float64Array.from(all, ({ at = NaN }) => at),
    flags: Uint8Array.from(all, ({ isDirectory, status = 0 }) => (isDirectory ? 1 : 0) | (status << 5)),
  }
}

const disc = (byteTotal: number, byteThere = byteTotal) => ({ byteTotal, byteThere, structures: [] })

describe('the map of a disc', () => {
  it('says what lies where: structures, files, gaps, damage and the missing end', () => {
    const outline = outlineOf([
      { at: 200, size: 100 },
      { at: 300, size: 50 },
      { at: 350, size: 20 },
      { at: 600, size: 250, status: 1 },
    ])
    const { buckets, freeBytes } = mapDisc(outline, disc(1000, 800), 10)
    expect(buckets.map(({ kind }) => kind)).toEqual([
      'structures',
      'structures',
      'files',
      'files',
      'gap',
      'gap',
      'files',
      'files',
      'beyond',
      'beyond',
    ])
    expect(buckets[3]).toMatchObject({ fileBytes: 70, fileCount: 2, largest: { entry: 2, byteLength: 50 } })
    expect(buckets[7]).toMatchObject({ fileBytes: 100, damagedCount: 1, largest: { entry: 4, status: 'partial' } })
    expect(buckets[8]).toMatchObject({ kind: 'beyond', largest: { entry: 4 } })
    expect(freeBytes).toBe(1000 - 420)
    expect(endOfFiles(outline)).toBe(850)
  })

  it('marks boot images that are no files', () => {
    const measures = { ...disc(1000), structures: [{ byteOffset: 500, byteLength: 100 }] }
    const { buckets } = mapDisc(outlineOf([{ at: 100, size: 100 }]), measures, 10)
    expect(buckets[5]?.kind).toBe('structures')
    expect(buckets[6]?.kind).toBe('gap')
  })

  it('enters a file in every range that it covers, and counts no byte of the disc twice', () => {
    const { buckets, freeBytes } = mapDisc(
      outlineOf([
        { at: 0, size: 1000 },
        { at: 0, size: 1000 },
      ]),
      disc(1000),
      10,
    )
    for (const bucket of buckets) expect(bucket).toMatchObject({ kind: 'files', fileBytes: 100, fileCount: 2 })
    expect(freeBytes).toBe(0)
  })

  it('is not held up by files that all span the whole disc, nor by one that runs over its end', () => {
    const files = Array.from({ length: 200_000 }, () => ({ at: 10, size: 1e12 }))
    const { buckets } = mapDisc(outlineOf(files), disc(1e9), 2048)
    expect(buckets).toHaveLength(2048)
    expect(buckets[1000]).toMatchObject({ fileCount: 200_000, largest: { entry: 1 } })
  })

  it('of an empty view is all gap', () => {
    const { buckets } = mapDisc(outlineOf([]), { ...disc(0), byteThere: 0 }, 4)
    expect(buckets.map(({ fileCount, largest }) => [fileCount, largest])).toEqual(Array(4).fill([0, null]))
  })
})

describe('the picture of sizes', () => {
  const outline = outlineOf([
    { isDirectory: true },
    { isDirectory: true },
    { size: 40 },
    { parent: 1, size: 100 },
    { parent: 1, size: 60 },
    { parent: 2, size: 10 },
    { parent: 2, isDirectory: true },
    { parent: 7, size: 500 },
  ])
  const sums = sumFolders(outline)

  it('adds up everything below each directory', () => {
    expect([...sums.byteLength]).toEqual([710, 160, 510, 40, 100, 60, 10, 500, 500])
    expect([...sums.fileCount]).toEqual([5, 2, 2, 1, 1, 1, 1, 1, 1])
  })

  it('goes into what is largest first, parents before children', () => {
    const nodes = mapSizes(outline, sums, 0, 100)
    expect(nodes.slice(0, 3).map(({ entry, parent }) => [entry, parent])).toEqual([
      [2, -1],
      [1, -1],
      [3, -1],
    ])
    for (const [index, node] of nodes.entries()) expect(node.parent).toBeLessThan(index)
    const inSecond = nodes.filter(({ parent }) => nodes[parent]?.entry === 2)
    expect(inSecond.map(({ entry, byteLength }) => [entry, byteLength])).toEqual([
      [7, 500],
      [6, 10],
    ])
  })

  it('puts what is too much together, and loses no byte', () => {
    const many = outlineOf(Array.from({ length: 5000 }, (_, i) => ({ size: i + 1 })))
    const sizes = sumFolders(many)
    const nodes = mapSizes(many, sizes, 0, 300)
    expect(nodes.length).toBeLessThanOrEqual(300)
    expect(nodes.at(-1)).toMatchObject({ entry: null, fileCount: 5000 - (nodes.length - 1) })
    expect(nodes.reduce((sum, { byteLength }) => sum + byteLength, 0)).toBe(sizes.byteLength[0])
  })

  it('stays within its limit however the tree is', () => {
    for (const limit of [1, 2, 3, 5]) expect(mapSizes(outline, sums, 0, limit).length).toBeLessThanOrEqual(limit + 1)
  })
})

describe('the outline of a view', () => {
  let database: Connection
  let query: { imageId: number; generation: number; view: string }

  beforeEach(async () => {
    const file = path.join(temporaryFolder(), 'catalog.sqlite')
    migrate(file, MIGRATIONS)
    database = connect(file, 'write')
    const { image } = await openSample()
    const table = await image.view('rock-ridge').readTree()
    const key = {
      location: locationKey('path', '/a.iso', []),
      path: '/a.iso',
      byteLength: 1,
      modified: 1,
      charset: null,
    }
    const known = new ImageStore(database).remember({ ...key, fingerprint: new Uint8Array(16) }, image.info, 1)
    query = { imageId: known.id, generation: known.generation, view: 'rock-ridge' }
    const writer = new EntryWriter(database, known.id, known.generation, 'rock-ridge')
    writer.write(table, 0, table.length)
    writer.finish()
  })

  it('has what the rows have, and sums that fit the files', () => {
    const reader = new OutlineReader(database)
    const outline = reader.outline(query)
    const rows = database.prepare('SELECT byte_length, disc_position FROM entry ORDER BY id').raw().all() as [
      number,
      number | null,
    ][]
    expect(outline.length).toBe(rows.length)
    expect([...outline.byteLength]).toEqual(rows.map(([byteLength]) => byteLength))
    expect([...outline.position]).toEqual(rows.map(([, position]) => position ?? NaN))
    expect(reader.sums(query).byteLength[0]).toBe(rows.reduce((sum, [byteLength]) => sum + byteLength, 0))
    expect(reader.outline(query)).toBe(outline)
  })

  it('of an older generation is gone', () => {
    expect(() => new OutlineReader(database).outline({ ...query, generation: 99 })).toThrow(/has changed/)
  })
})
