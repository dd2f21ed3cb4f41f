import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  connect,
  EntrySearch,
  EntryWriter,
  ImageStore,
  locationKey,
  migrate,
  MIGRATIONS,
  type Connection,
  type EntryColumnsFace,
  type SearchQuery,
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

function find(text: string, query: Partial<SearchQuery> = {}): string[] {
  const whole = {
    text,
    imageId: null,
    kinds: null,
    minByteLength: null,
    maxByteLength: null,
    offset: 0,
    limit: 100,
    ...query,
  }
  return new EntrySearch(database).search(whole).hits.map((hit) => `${hit.imageName}:${hit.path}`)
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

  it('finds one and two letters', async () => {
    await addImage('a.iso', ['Ü.txt', 'xy', 'z%_'])
    expect(find('ü')).toEqual(['a.iso:Ü.txt'])
    expect(find('XY')).toEqual(['a.iso:xy'])
    expect(find('%_')).toEqual(['a.iso:z%_'])
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
    expect(find('setup', { limit: 1, offset: 1 })).toHaveLength(1)
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
      INSERT INTO entry (id, name, parent, flags, byte_length) VALUES (268435456, '', 0, 1, 0), (268435457, 'Remembered.txt', 0, 0, 5)`)
    old.close()
    migrate(file, MIGRATIONS)
    database = connect(file, 'read')
    expect(find('remember')).toEqual(['x.iso:Remembered.txt'])
  })
})
