import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  connect,
  Duplicates,
  duplicateCandidates,
  EntryWriter,
  findView,
  HashStore,
  ImageStore,
  locationKey,
  migrate,
  MIGRATIONS,
  TreeComparison,
  type Connection,
  type EntryColumnsFace,
} from '../../../src-main/catalog'
import { openSample, temporaryFolder } from '../support'

/** A folder's items by name: folders, or files as `[byteLength, modified, position]`. */
interface Tree {
  [name: string]: Tree | [byteLength: number, modified?: number, position?: number]
}

interface Flat {
  name: string
  parent: number
  isFolder: boolean
  byteLength: number
  modified: number
  position: number
}

/** Breadth first, as readers number entries. */
function flatten(tree: Tree): Flat[] {
  const root = { name: '', parent: 0, isFolder: true, byteLength: 0, modified: NaN, position: Infinity }
  const flat: Flat[] = [root]
  const waiting: [Tree, number][] = [[tree, 0]]
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [folder, parent] = next
    for (const [name, item] of Object.entries(folder)) {
      if (Array.isArray(item)) {
        const [byteLength, modified = 0, position = Infinity] = item
        flat.push({ name, parent, isFolder: false, byteLength, modified, position })
      } else {
        flat.push({ ...root, name, parent })
        waiting.push([item, flat.length - 1])
      }
    }
  }
  return flat
}

function columns(flat: Flat[]): EntryColumnsFace {
  return {
    parentOf: (i) => flat[i]!.parent,
    nameOf: (i) => flat[i]!.name,
    kindOf: (i) => (flat[i]!.isFolder ? 'directory' : 'file'),
    byteLengthOf: (i) => flat[i]!.byteLength,
    modifiedOf: (i) => flat[i]!.modified,
    modeOf: () => -1,
    uidOf: () => -1,
    gidOf: () => -1,
    targetOf: () => null,
    hiddenOf: () => false,
    statusOf: () => 'complete',
    discPositionOf: (i) => flat[i]!.position,
  }
}

let database: Connection

beforeEach(() => {
  const file = path.join(temporaryFolder(), 'catalog.sqlite')
  migrate(file, MIGRATIONS)
  database = connect(file, 'write')
})

/** @returns the number of its view */
async function add(name: string, tree: Tree): Promise<{ imageId: number; viewId: number }> {
  const { image } = await openSample()
  const key = {
    location: locationKey('path', `/discs/${name}`, []),
    path: `/discs/${name}`,
    byteLength: 1,
    modified: 1,
    fingerprint: new Uint8Array(16),
    charset: null,
  }
  const known = new ImageStore(database).remember(key, { ...image.info, name }, 1)
  const writer = new EntryWriter(database, known.id, known.generation, 'rock-ridge')
  const flat = flatten(tree)
  writer.write(columns(flat), 0, flat.length)
  writer.finish()
  const ref = { imageId: known.id, generation: known.generation, view: 'rock-ridge' }
  return { imageId: known.id, viewId: findView(database, ref)!.id }
}

function setHash(viewId: number, filePath: string, digest: string): void {
  const hashes = new HashStore(database)
  const file = hashes.filesBelow({ id: viewId }, null, 'blake3').find((one) => one.path === filePath)
  hashes.keep('blake3', [{ id: viewId * 2 ** 28 + file!.entry, digest: digest.repeat(32) }])
}

describe('two trees compared', () => {
  const left: Tree = {
    same: [5, 1_000_000],
    grown: [5, 1_000_000],
    touched: [5, 1_000_000],
    rounded: [5, 1_000_000],
    gone: [1],
    'a folder': { inner: { deep: [1] }, equal: [2] },
    'gone folder': { child: [1] },
    turned: { below: [1] },
    quiet: { nothing: [1] },
  }
  const right: Tree = {
    same: [5, 1_000_000],
    grown: [6, 1_000_000],
    touched: [5, 9_000_000],
    rounded: [5, 1_001_000],
    'a folder': { inner: { deep: [3] }, equal: [2], new: { fresh: [9] } },
    turned: [4],
    quiet: { nothing: [1] },
  }

  it('give what was added, removed and changed, as a tree', async () => {
    const [before, after] = [await add('a.iso', left), await add('b.iso', right)]
    const found = await new TreeComparison(database, before.viewId, after.viewId, null).run()
    const lines = found
      .rows(0, 100)
      .map((row) => `${' '.repeat(row.depth)}${row.state} ${row.path}${row.facts.map((fact) => ` ${fact}`).join('')}`)
    expect(lines).toEqual([
      'within a folder',
      ' within a folder/inner',
      '  changed a folder/inner/deep size',
      ' added a folder/new',
      '  added a folder/new/fresh',
      'removed gone',
      'removed gone folder',
      ' removed gone folder/child',
      'changed grown size',
      'changed touched modified',
      'changed turned kind',
      ' removed turned/below',
    ])
    expect(found.counts).toEqual({ added: 2, removed: 4, changed: 4, same: 4, unproven: 0 })
    expect(found.rows(2, 1).map((row) => row.path)).toEqual(['a folder/inner/deep'])
  })

  it('name what only contents can tell apart, and tell it once hashes are known', async () => {
    const [before, after] = [
      await add('a.iso', { x: [5], y: [5], z: [0] }),
      await add('b.iso', { x: [5], y: [5], z: [0] }),
    ]
    const first = await new TreeComparison(database, before.viewId, after.viewId, 'blake3').run()
    expect(first.counts).toMatchObject({ changed: 0, unproven: 2 })
    expect(first.candidates).toEqual({ left: [1, 2], right: [1, 2] })
    for (const { viewId } of [before, after]) setHash(viewId, 'x', 'aa')
    setHash(before.viewId, 'y', 'bb')
    setHash(after.viewId, 'y', 'cc')
    const second = await new TreeComparison(database, before.viewId, after.viewId, 'blake3').run()
    expect(second.counts).toMatchObject({ changed: 1, same: 2, unproven: 0 })
    expect(second.rows(0, 10)).toMatchObject([{ path: 'y', facts: ['content'] }])
  })
})

describe('duplicates', () => {
  const query = { imageId: null, minByteLength: 1, algorithm: 'blake3' } as const

  it('within an image are files that begin at one place', async () => {
    const { imageId } = await add('a.iso', {
      one: [100, 0, 2048],
      folder: { again: [100, 0, 2048], other: [100, 0, 4096] },
      empty: [0, 0, 2048],
    })
    await add('b.iso', { one: [100, 0, 2048] })
    const found = await Duplicates.find(database, { ...query, imageId })
    expect(found.shared).toEqual({ provenBytes: 100, possibleBytes: 0 })
    expect(found.rows(0, 10)).toMatchObject([
      { row: 'group', byteLength: 100, isProven: true, count: 2, sharedBytes: 100 },
      { row: 'entry', path: 'one' },
      { row: 'entry', path: 'folder/again' },
    ])
  })

  it('within an image are files with one content, wherever they lie', async () => {
    const { imageId, viewId } = await add('a.iso', {
      one: [100, 0, 2048],
      again: [100, 0, 2048],
      copy: [100, 0, 4096],
      other: [100, 0, 6144],
      alone: [7, 0, 8192],
    })
    const within = { ...query, imageId }
    // One file of each place is read; what has no other of its size is not.
    const [candidates] = await duplicateCandidates(database, within)
    expect(candidates?.entries).toHaveLength(3)
    for (const name of ['one', 'copy']) setHash(viewId, name, 'aa')
    setHash(viewId, 'other', 'bb')
    expect(await duplicateCandidates(database, within)).toEqual([])
    const found = await Duplicates.find(database, within)
    expect(found.shared).toEqual({ provenBytes: 200, possibleBytes: 0 })
    expect(found.rows(0, 10).map((row) => (row.row === 'group' ? row.count : row.path))).toEqual([
      3,
      'one',
      'again',
      'copy',
    ])
  })

  it('across images are possible by size and proven by content', async () => {
    const a = await add('a.iso', { film: [1000], twin: [1000], unique: [7], small: [10] })
    const b = await add('b.iso', { copy: [1000], other: [1000], small: [10] })
    expect((await Duplicates.find(database, { ...query, minByteLength: 100 })).shared).toEqual({
      provenBytes: 0,
      possibleBytes: 3000,
    })
    expect((await duplicateCandidates(database, query)).map(({ entries }) => entries.sort())).toEqual([
      [1, 2, 4],
      [1, 2, 3],
    ])
    setHash(a.viewId, 'film', 'aa')
    setHash(b.viewId, 'copy', 'aa')
    setHash(a.viewId, 'twin', 'bb')
    const found = await Duplicates.find(database, query)
    // “other” is not known yet, and may be “twin”.
    expect(found.shared).toEqual({ provenBytes: 1000, possibleBytes: 1010 })
    expect(found.rows(0, 3)).toMatchObject([
      { row: 'group', isProven: true, count: 2 },
      { row: 'entry', imageName: 'a.iso', path: 'film' },
      { row: 'entry', imageName: 'b.iso', path: 'copy' },
    ])
    // A window that begins inside a group.
    expect(found.rows(2, 3)).toMatchObject([
      { row: 'entry', path: 'copy' },
      { row: 'group', isProven: false, byteLength: 1000 },
      { row: 'entry', path: 'twin' },
    ])
    setHash(b.viewId, 'other', 'cc')
    expect((await Duplicates.find(database, { ...query, minByteLength: 100 })).shared).toEqual({
      provenBytes: 1000,
      possibleBytes: 0,
    })
  })
})
