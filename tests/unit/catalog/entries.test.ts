import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  connect,
  EntryGoneError,
  EntryReader,
  EntryWriter,
  ImageStore,
  locationKey,
  migrate,
  MIGRATIONS,
  nameOrderKey,
  type Connection,
  type DirectoryQuery,
} from '../../../src-main/catalog'
import type { EntryTable } from '../../../src-main/image'
import { openSample, temporaryFolder } from '../support'

let database: Connection
let table: EntryTable
let query: DirectoryQuery
const sort = { column: 'name', descending: false, foldersFirst: true } as const

beforeEach(async () => {
  const file = path.join(temporaryFolder(), 'catalog.sqlite')
  migrate(file, MIGRATIONS)
  database = connect(file, 'write')
  const { image } = await openSample()
  table = await image.view('rock-ridge').readTree()
  const known = new ImageStore(database).remember(key(), image.info, 1000)
  query = {
    imageId: known.id,
    generation: known.generation,
    view: 'rock-ridge',
    directory: 0,
    sort,
    filter: '',
    showHidden: true,
  }
})

function key(change: Partial<Parameters<ImageStore['remember']>[0]> = {}): Parameters<ImageStore['remember']>[0] {
  return {
    location: locationKey('path', '/discs/sample.iso', []),
    path: '/discs/sample.iso',
    byteLength: 10,
    modified: 5,
    fingerprint: new Uint8Array(16),
    charset: null,
    ...change,
  }
}

function writeAll(): void {
  const writer = new EntryWriter(database, query.imageId, query.generation, 'rock-ridge')
  // Cut in odd places on purpose: a directory's children may arrive in several batches.
  for (let at = 0; at < table.length; at += 3) writer.write(table, at, Math.min(table.length, at + 3))
  writer.finish()
}

function names(of: Partial<DirectoryQuery> = {}): string[] {
  const reader = new EntryReader(database)
  const wanted = { ...query, ...of }
  return reader.rows(wanted, reader.order(wanted).entries).map((row) => row.name)
}

describe('entries', () => {
  it('are listed with everything below a directory, and say where each lies', () => {
    writeAll()
    const reader = new EntryReader(database)
    for (let directory = 0; directory < table.length; directory++) {
      if (table.kindOf(directory) !== 'directory') continue
      const wanted = { ...query, directory, isDeep: true }
      const { entries, isComplete } = reader.order(wanted)
      const base = table.pathOf(directory)
      const below = Array.from({ length: table.length - 1 }, (_, i) => i + 1).filter((entry) =>
        base === '' ? true : table.pathOf(entry).startsWith(`${base}/`),
      )
      expect(isComplete).toBe(true)
      expect([...entries].sort((a, b) => a - b)).toEqual(below)
      for (const row of reader.placedRows(wanted, entries))
        expect([row.folder, row.name].filter((part) => part !== '').join('/')).toBe(table.pathOf(row.entry))
    }
    const found = reader.order({ ...query, isDeep: true, filter: '*.csv' }).entries
    expect([...found].map((entry) => table.pathOf(entry))).toEqual(['Documents/Tides.csv'])
  })

  it('come back as the reader gave them, directory by directory', () => {
    writeAll()
    const reader = new EntryReader(database)
    for (let directory = 0; directory < table.length; directory++) {
      if (table.kindOf(directory) !== 'directory') continue
      const rows = reader.rows(query, reader.order({ ...query, directory }).entries)
      const first = table.firstChildOf(directory)
      const expected = Array.from({ length: table.childCountOf(directory) }, (_, i) => table.nameOf(first + i))
      expect(rows.map((row) => row.name).sort()).toEqual(expected.sort())
      for (const row of rows) {
        expect(row.kind).toBe(table.kindOf(row.entry))
        expect(row.byteLength).toBe(table.byteLengthOf(row.entry))
        expect(row.modified).toBe(table.modifiedOf(row.entry))
        expect(reader.pathOf(query, row.entry)).toBe(table.pathOf(row.entry))
        expect(reader.resolve(query, table.pathOf(row.entry))).toBe(row.entry)
      }
    }
  })

  it('are sorted folders first, by any column, both ways', () => {
    writeAll()
    const byName = names()
    expect(names({ sort: { ...sort, descending: true } })).not.toEqual(byName)
    const reader = new EntryReader(database)
    const bySize = { ...query, sort: { column: 'size', descending: true, foldersFirst: false } as const }
    const sizes = reader.rows(bySize, reader.order(bySize).entries).map((row) => row.byteLength)
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
    const kinds = reader.rows(query, reader.order(query).entries).map((row) => row.kind === 'directory')
    expect(kinds).toEqual([...kinds].sort((a, b) => Number(b) - Number(a)))
  })

  it('are filtered whatever their case', () => {
    writeAll()
    const one = names()[0]!
    expect(names({ filter: one.slice(1, 4).toUpperCase() })).toContain(one)
    expect(names({ filter: 'no such name' })).toEqual([])
  })

  it('are not known to be complete before they have arrived', () => {
    const writer = new EntryWriter(database, query.imageId, query.generation, 'rock-ridge')
    const reader = new EntryReader(database)
    expect(reader.order(query)).toMatchObject({ isComplete: false })
    writer.write(table, 0, table.length)
    writer.finish()
    expect(reader.order(query)).toMatchObject({ isComplete: true })
  })

  it('of an older generation are gone', () => {
    writeAll()
    expect(() => new EntryReader(database).order({ ...query, generation: 99 })).toThrow(EntryGoneError)
  })
})

describe('images', () => {
  it('keep their generation and entries while nothing has changed', async () => {
    const { image } = await openSample()
    const store = new ImageStore(database)
    for (const view of image.info.views) {
      const writer = new EntryWriter(database, query.imageId, query.generation, view.id)
      writer.write(table, 0, table.length)
      writer.finish()
    }
    const again = store.remember(key(), image.info, 2000)
    expect(again.generation).toBe(query.generation)
    expect([...again.indexed.keys()].sort()).toEqual(image.info.views.map((view) => view.id).sort())
    const changed = store.remember(key({ modified: 6 }), image.info, 3000)
    expect(changed).toMatchObject({ id: query.imageId, generation: query.generation + 1 })
    expect(changed.indexed.size).toBe(0)
  })

  it('are forgotten with everything that was known of them', () => {
    writeAll()
    const store = new ImageStore(database)
    expect(store.recent(10).map((image) => image.path)).toEqual(['/discs/sample.iso'])
    store.forget(query.imageId)
    expect(store.recent(10)).toEqual([])
    for (const of of ['entry', 'directory', 'view'])
      expect(database.prepare(`SELECT count(*) FROM ${of}`).pluck().get()).toBe(0)
  })
})

describe('nameOrderKey', () => {
  it('orders numbers by value and leaves case and accents aside', () => {
    const inOrder = ['a', 'Ärger', 'b', 'file2', 'File10', 'file010b', 'zebra']
    const shuffled = [...inOrder].reverse().sort((x, y) => (nameOrderKey(x) < nameOrderKey(y) ? -1 : 1))
    expect(shuffled).toEqual(inOrder)
  })
})

describe('a directory that is not read to its end', () => {
  const names = (order = new EntryReader(database).order(query)): string[] =>
    new EntryReader(database).rows(query, order.entries).map((row) => row.name)
  const passing = (): unknown =>
    database.prepare('SELECT count(*) FROM entry WHERE id % 268435456 >= 134217728').pluck().get()

  it('shows its beginning, which its own entries replace and the end takes away', () => {
    const writer = new EntryWriter(database, query.imageId, query.generation, 'rock-ridge')
    writer.write(table, 0, 1)
    const first = table.firstChildOf(0)
    writer.writeBeginning(table, 0, first + 1, first + 3)
    const early = new EntryReader(database).order(query)
    expect(early.isComplete).toBe(false)
    expect(names(early)).toEqual(expect.arrayContaining([table.nameOf(first + 1), table.nameOf(first + 2)]))
    expect(early.entries.length).toBe(2)
    // What was seen can be asked for until the view is whole.
    const seen = early.entries[0] ?? 0
    expect(new EntryReader(database).pathOf(query, seen)).toBe(names(early)[0])

    writer.write(table, 1, first + 2)
    const reader = new EntryReader(database)
    expect([...reader.order(query).entries].sort()).toEqual([first, first + 1])
    expect(reader.order(query).isComplete).toBe(false)
    writer.write(table, first + 2, table.length)
    expect(passing()).toBe(2)
    writer.finish()
    expect(passing()).toBe(0)
    const whole = new EntryReader(database).order(query)
    expect(whole.isComplete).toBe(true)
    expect(whole.entries.length).toBe(table.childCountOf(0))
    expect(() => new EntryReader(database).row(query, seen)).toThrow(EntryGoneError)
    expect(() => new EntryReader(database).order({ ...query, directory: seen })).toThrow(EntryGoneError)
  })

  it('is empty where nothing of its beginning stays', () => {
    const writer = new EntryWriter(database, query.imageId, query.generation, 'rock-ridge')
    writer.write(table, 0, 1)
    const first = table.firstChildOf(0)
    writer.writeBeginning(table, 0, first, first + 1)
    writer.finish()
    expect(names()).toEqual([])
  })
})
