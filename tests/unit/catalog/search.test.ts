import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  connect,
  EntrySearch,
  EntryWriter,
  EVERYTHING,
  ImageStore,
  locationKey,
  migrate,
  MIGRATIONS,
  SearchResults,
  type Connection,
  type EntryColumnsFace,
  type ResultSorting,
  type SearchFilter,
} from '../../../src-main/catalog'
import { openSample, temporaryFolder } from '../support'

/** Entries in one folder, by name. */
function columns(names: string[]): EntryColumnsFace & { length: number } {
  const all = ['', ...names]
  return {
    length: all.length,
    parentOf: () => 0,
    nameOf: (i) => all[i]!,
    kindOf: (i) => (i === 0 || all[i]!.endsWith('/') ? 'directory' : 'file'),
    byteLengthOf: (i) => i * 10,
    modifiedOf: () => NaN,
    modeOf: () => -1,
    uidOf: () => -1,
    gidOf: () => -1,
    targetOf: () => null,
    hiddenOf: () => false,
    statusOf: () => 'complete',
    discPositionOf: () => Infinity,
  }
}

let database: Connection
let store: ImageStore

beforeEach(() => {
  const file = path.join(temporaryFolder(), 'catalog.sqlite')
  migrate(file, MIGRATIONS)
  database = connect(file, 'write')
  store = new ImageStore(database)
})

async function addImage(name: string, names: string[], modified = 1): Promise<number> {
  const { image } = await openSample()
  const key = {
    location: locationKey('path', `/discs/${name}`, []),
    path: `/discs/${name}`,
    byteLength: 1,
    modified,
    fingerprint: new Uint8Array(16),
    charset: null,
  }
  const known = store.remember(key, { ...image.info, name }, modified)
  const writer = new EntryWriter(database, known.id, known.generation, 'rock-ridge')
  const table = columns(names)
  writer.write(table, 0, table.length)
  writer.finish()
  // A second view of the same names must not give every hit twice.
  new EntryWriter(database, known.id, known.generation, 'joliet', false).write(table, 0, table.length)
  store.dropOldGenerations(known.id, known.generation)
  return known.id
}

function find(text: string, filter: Partial<SearchFilter> = {}): string[] {
  const search = new EntrySearch(database)
  const { found } = search.step({ ...EVERYTHING, text, ...filter }, -1, 100, 10_000)
  return found.flatMap((id) => search.describe(id) ?? []).map((hit) => `${hit.imageName}:${hit.path}`)
}

describe('search', () => {
  it('finds parts of names whatever their case, in every script', async () => {
    await addImage('a.iso', [
      'ÜBERSICHT.TXT',
      'straße.txt',
      'ΚΑΛΗΜΕΡΑ',
      'Привет.doc',
      '日本語のファイル',
      'e\u0301tude.mp3',
    ])
    expect(find('übersicht')).toEqual(['a.iso:ÜBERSICHT.TXT'])
    expect(find('καλημερα')).toEqual(['a.iso:ΚΑΛΗΜΕΡΑ'])
    expect(find('ПРИВЕТ')).toEqual(['a.iso:Привет.doc'])
    expect(find('本語の')).toEqual(['a.iso:日本語のファイル'])
    expect(find('nothing like it')).toEqual([])
  })

  it('folds what becomes other letters: ß, final sigma, dotted capitals, ligatures, accents set apart', async () => {
    await addImage('a.iso', ['GROSSE STRASSE', 'große straße', 'ΟΔΟΣ', 'οδος', 'İSTANBUL', 'ﬁnale.txt', 'e\u0301tude'])
    expect(find('straße')).toEqual(['a.iso:GROSSE STRASSE', 'a.iso:große straße'])
    expect(find('strasse')).toEqual(['a.iso:GROSSE STRASSE', 'a.iso:große straße'])
    expect(find('ß')).toEqual(['a.iso:GROSSE STRASSE', 'a.iso:große straße'])
    expect(find('ss')).toEqual(['a.iso:GROSSE STRASSE', 'a.iso:große straße'])
    expect(find('οδοσ')).toEqual(['a.iso:ΟΔΟΣ', 'a.iso:οδος'])
    expect(find('istanbul')).toEqual(['a.iso:İSTANBUL'])
    expect(find('finale')).toEqual(['a.iso:ﬁnale.txt'])
    expect(find('étude')).toEqual(['a.iso:e\u0301tude'])
  })

  it('goes by date, and leaves out what has none', async () => {
    await addImage('a.iso', ['old.txt', 'new.txt', 'undated.txt'])
    const day = 86_400_000
    database.prepare("UPDATE entry SET modified = ? WHERE name = 'old.txt'").run(100 * day)
    database.prepare("UPDATE entry SET modified = ? WHERE name = 'new.txt'").run(200 * day)
    expect(find('txt', { modifiedFrom: 150 * day })).toEqual(['a.iso:new.txt'])
    expect(find('txt', { modifiedTo: 150 * day })).toEqual(['a.iso:old.txt'])
    expect(find('txt')).toHaveLength(3)
  })

  it('comes in steps that together find everything once, with an index or without', async () => {
    const names = Array.from({ length: 500 }, (_, i) => `name ${i % 7 === 0 ? 'qx' : 'other'} ${i}.txt`)
    await addImage('a.iso', names)
    await addImage('b.iso', names)
    for (const text of ['qx', 'name qx']) {
      const search = new EntrySearch(database)
      const found: number[] = []
      for (let after: number | null = -1; after !== null;) {
        const step = search.step({ ...EVERYTHING, text }, after, 10, 10_000)
        expect(step.found.length).toBeLessThanOrEqual(10)
        found.push(...step.found)
        after = step.next
      }
      expect(found).toHaveLength(2 * names.filter((name) => name.includes('qx')).length)
      expect(new Set(found).size).toBe(found.length)
    }
  })

  it('keeps results that grow, in the order found or sorted', async () => {
    await addImage('a.iso', ['file9', 'file10', 'Über file'])
    const results = new SearchResults(database, { ...EVERYTHING, text: 'file' })
    while (!results.isDone) results.proceed(1)
    const names = (column: ResultSorting['column'], descending = false) =>
      results.rows({ column, descending }, 0, 10).map((hit) => hit.name)
    expect(names('found')).toEqual(['file9', 'file10', 'Über file'])
    expect(names('name')).toEqual(['file9', 'file10', 'Über file'])
    expect(names('size', true)).toEqual(['Über file', 'file10', 'file9'])
    expect(results.rows({ column: 'name', descending: false }, 1, 1).map((hit) => hit.name)).toEqual(['file10'])
  })

  it('finds one and two letters', async () => {
    await addImage('a.iso', ['Ü.txt', 'xy', 'z%_'])
    expect(find('ü')).toEqual(['a.iso:Ü.txt'])
    expect(find('XY')).toEqual(['a.iso:xy'])
    expect(find('%_')).toEqual(['a.iso:z%_'])
  })

  it('finds letters wherever they stand in a long view, and what was indexed without them', async () => {
    const names = Array.from({ length: 70_000 }, (_, i) => `file ${i}`)
    for (const [at, name] of [
      [10, 'qz first'],
      [65_534, 'qz before the border'],
      [65_535, 'qz behind it'],
      [69_999, 'last QZ'],
    ] as const)
      names[at] = name
    const id = await addImage('a.iso', names)
    const all = ['a.iso:qz first', 'a.iso:qz before the border', 'a.iso:qz behind it', 'a.iso:last QZ']
    const sets = database.prepare('SELECT count(*) FROM letter_set').pluck()
    expect(sets.get()).toBe(2)
    expect(find('qz')).toEqual(all)
    expect(find('l*z')).toEqual(['a.iso:last QZ'])
    expect(find('jj')).toEqual([])
    database.exec('DELETE FROM letter_set WHERE stretch % 2 = 0')
    expect(find('qz')).toEqual(all)
    store.forget(id)
    expect(sets.get()).toBe(0)
  })

  it('takes globs for the whole name', async () => {
    await addImage('a.iso', ['driver.inf', 'driver.info', 'net.inf', 'a+b (c).txt'])
    expect(find('*.inf')).toEqual(['a.iso:driver.inf', 'a.iso:net.inf'])
    expect(find('driver.???')).toEqual(['a.iso:driver.inf'])
    expect(find('a+b (?).*')).toEqual(['a.iso:a+b (c).txt'])
  })

  it('does not take trigrams that are there in another order for a hit', async () => {
    await addImage('a.iso', ['abcd bcde', 'bcde abcd'])
    expect(find('cd bc')).toEqual(['a.iso:abcd bcde'])
  })

  it('goes over all images, or one, and by kind and size', async () => {
    await addImage('a.iso', ['setup.exe', 'setup folder/'])
    const second = await addImage('b.iso', ['setup.msi'])
    expect(find('setup')).toHaveLength(3)
    expect(find('setup', { imageId: second })).toEqual(['b.iso:setup.msi'])
    expect(find('setup', { kinds: ['directory'] })).toEqual(['a.iso:setup folder/'])
    expect(find('setup', { minByteLength: 20 })).toEqual(['a.iso:setup folder/'])
    expect(find('setup', { maxByteLength: 10 })).toEqual(['a.iso:setup.exe', 'b.iso:setup.msi'])
    expect(find('setup', { extensions: ['.EXE', 'msi'] })).toEqual(['a.iso:setup.exe', 'b.iso:setup.msi'])
    expect(find('*', { extensions: ['msi'] })).toEqual(['b.iso:setup.msi'])
    expect(find('no such image', { imageId: 999 })).toEqual([])
  })

  it('forgets what an image held before it changed, and what was forgotten', async () => {
    const id = await addImage('a.iso', ['before.txt'], 1)
    await addImage('a.iso', ['after.txt'], 2)
    expect(find('before')).toEqual([])
    expect(find('after')).toEqual(['a.iso:after.txt'])
    store.forget(id)
    expect(find('after')).toEqual([])
  })

  it('makes what an older version indexed searchable', () => {
    const file = path.join(temporaryFolder(), 'old.sqlite')
    migrate(file, MIGRATIONS.slice(0, 2))
    const old = connect(file, 'write')
    old.exec(`INSERT INTO image VALUES (1, '["path","/x"]', '/x', 'x.iso', 1, 1, x'00', NULL, '', '[]', 'complete', '{}', 1, 1, 1, 1);
      INSERT INTO view VALUES (1, 1, 1, 'udf', 1, 1);
      INSERT INTO entry (id, name, parent, flags, byte_length) VALUES (268435456, '', 0, 1, 0), (268435457, 'Remembered.txt', 0, 0, 5),
        (268435458, 'Weiße Straße', 0, 0, 5)`)
    old.close()
    migrate(file, MIGRATIONS)
    database = connect(file, 'read')
    expect(find('remember')).toEqual(['x.iso:Remembered.txt'])
    expect(find('weisse')).toEqual(['x.iso:Weiße Straße'])
  })
})
