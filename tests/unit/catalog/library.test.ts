import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  connect,
  EntryWriter,
  findView,
  HashStore,
  ImageStore,
  LibraryStore,
  locationKey,
  migrate,
  MIGRATIONS,
  ViewTakenOverError,
  type Connection,
  type LibraryQuery,
} from '../../../src-main/catalog'
import { openSample, temporaryFolder } from '../support'

let database: Connection
let library: LibraryStore
/** Paths where something is. */
let there: Set<string>
let images: ImageStore

beforeEach(() => {
  const file = path.join(temporaryFolder(), 'catalog.sqlite')
  migrate(file, MIGRATIONS)
  database = connect(file, 'write')
  library = new LibraryStore(database)
  there = new Set()
  images = new ImageStore(database, (place) => there.has(place))
})

/** Opens an image that is told from others by `content`. */
async function open(place: string, content = 1, inside: { path: string }[] = [], isOpening = true, modified = 5) {
  const { image } = await openSample()
  there.add(place)
  const key = {
    location: locationKey('path', place, inside),
    path: place,
    byteLength: 10,
    modified,
    fingerprint: new Uint8Array(16).fill(content),
    charset: null,
  }
  const name = inside.at(-1)?.path ?? path.basename(place)
  const known = images.remember(key, { ...image.info, name }, 1000, isOpening)
  if (known.indexed.size === 0) {
    const table = await image.view('rock-ridge').readTree()
    const writer = new EntryWriter(database, known.id, known.generation, 'rock-ridge')
    writer.write(table, 0, table.length)
    writer.finish()
  }
  return known
}

function names(query: Partial<LibraryQuery> = {}): string[] {
  const everything: LibraryQuery = { text: '', group: null, tag: null, sort: 'name', descending: false }
  return library.list({ ...everything, ...query }).map((image) => image.name)
}

describe('the library', () => {
  it('lists every image by what is asked, with what people say about it', async () => {
    const first = await open('/a/disc 10.iso', 1)
    const second = await open('/b/disc 9.iso', 2)
    images.identify(second.id, second.generation, 'Debian GNU/Linux 12')
    library.update([first.id], { group: ' Old ', tags: ['blue', 'attic', 'blue', ' '], notes: 'Größe unklar' })
    expect(names()).toEqual(['disc 9.iso', 'disc 10.iso'])
    expect(names({ sort: 'path', descending: true })).toEqual(['disc 9.iso', 'disc 10.iso'])
    expect(names({ text: 'debian' })).toEqual(['disc 9.iso'])
    expect(names({ text: 'GRÖSSE' })).toEqual(['disc 10.iso'])
    expect(names({ group: 'Old' })).toEqual(['disc 10.iso'])
    expect(names({ group: '' })).toEqual(['disc 9.iso'])
    expect(names({ tag: 'attic' })).toEqual(['disc 10.iso'])
    expect(library.get(first.id)).toMatchObject({ group: 'Old', tags: ['attic', 'blue'], notes: 'Größe unklar' })
    expect(library.get(first.id)?.entryCount).toBeGreaterThan(10)
    expect(library.facets()).toEqual({
      groups: [{ name: 'Old', count: 1 }],
      tags: [
        { name: 'attic', count: 1 },
        { name: 'blue', count: 1 },
      ],
    })
    library.update([first.id], { tags: [] })
    expect(library.get(first.id)).toMatchObject({ group: 'Old', tags: [] })
  })

  it('forgets an image with all that was said of it', async () => {
    const { id } = await open('/a/x.iso')
    library.update([id], { tags: ['one'] })
    images.forget(id)
    expect(names()).toEqual([])
    expect(database.prepare('SELECT count(*) FROM image_tag').pluck().get()).toBe(0)
    expect(database.prepare('SELECT count(*) FROM entry').pluck().get()).toBe(0)
  })

  it('tells images that somebody opened from those that came with a folder', async () => {
    const known = await open('/a/x.iso', 1, [], false)
    expect(library.get(known.id)).toMatchObject({ lastOpened: null })
    expect(images.recent(10)).toEqual([])
    await open('/a/x.iso')
    expect(library.get(known.id)).toMatchObject({ lastOpened: 1000 })
    await open('/a/x.iso', 1, [], false)
    expect(images.recent(10)).toHaveLength(1)
  })
})

describe('an image that moved', () => {
  it('is the same image, with its entries, hashes, tags and notes', async () => {
    const before = await open('/old/disc.iso')
    const view = findView(database, { imageId: before.id, generation: before.generation, view: 'rock-ridge' })!
    const hashes = new HashStore(database)
    const [file] = hashes.filesBelow(view, null, 'sha256')
    hashes.keep('sha256', [{ id: view.id * 2 ** 28 + file!.entry, digest: 'ab'.repeat(32) }])
    library.update([before.id], { tags: ['kept'], notes: 'kept too' })
    there.delete('/old/disc.iso')
    const after = await open('/new/renamed.iso')
    expect(after).toMatchObject({ id: before.id, generation: before.generation })
    expect(after.indexed.has('rock-ridge')).toBe(true)
    expect(library.get(before.id)).toMatchObject({
      name: 'renamed.iso',
      path: '/new/renamed.iso',
      tags: ['kept'],
      notes: 'kept too',
    })
    expect(hashes.filesBelow(view, null, 'sha256')[0]?.digest).toBe('ab'.repeat(32))
    expect(names()).toEqual(['renamed.iso'])
  })

  it('keeps what was said of it and nothing of its contents where its time is another: a copy may have been changed', async () => {
    const before = await open('/old/disc.iso')
    const hashes = new HashStore(database)
    const oldView = findView(database, { imageId: before.id, generation: before.generation, view: 'rock-ridge' })!
    const [file] = hashes.filesBelow(oldView, null, 'sha256')
    hashes.keep('sha256', [{ id: oldView.id * 2 ** 28 + file!.entry, digest: 'ab'.repeat(32) }])
    library.update([before.id], { tags: ['kept'] })
    there.delete('/old/disc.iso')
    const after = await open('/new/disc.iso', 1, [], true, 6)
    expect(after).toMatchObject({ id: before.id, generation: before.generation + 1 })
    expect(library.get(after.id)).toMatchObject({ path: '/new/disc.iso', tags: ['kept'] })
    const view = findView(database, { imageId: after.id, generation: after.generation, view: 'rock-ridge' })!
    expect(hashes.filesBelow(view, null, 'sha256').map(({ digest }) => digest)).not.toContain('ab'.repeat(32))
  })

  it('is a copy where the old one is still there', async () => {
    const before = await open('/old/disc.iso')
    const copy = await open('/new/disc.iso')
    expect(copy.id).not.toBe(before.id)
    expect(names()).toEqual(['disc.iso', 'disc.iso'])
  })

  it('is another image where its content is other', async () => {
    const before = await open('/old/disc.iso', 1)
    there.delete('/old/disc.iso')
    const other = await open('/new/disc.iso', 2)
    expect(other.id).not.toBe(before.id)
    expect(library.get(before.id)?.path).toBe('/old/disc.iso')
  })

  it('takes the images inside it along, and is not taken for one of them', async () => {
    const outer = await open('/old/disc.iso')
    const inner = await open('/old/disc.iso', 1, [{ path: 'boot.img' }])
    expect(inner.id).not.toBe(outer.id)
    there.delete('/old/disc.iso')
    expect((await open('/new/disc.iso', 1, [{ path: 'boot.img' }])).id).toBe(inner.id)
    expect((await open('/new/disc.iso')).id).toBe(outer.id)
    expect(library.get(inner.id)).toMatchObject({ name: 'boot.img', path: '/new/disc.iso' })
    expect(library.get(outer.id)).toMatchObject({ name: 'disc.iso', path: '/new/disc.iso' })
  })
})

describe('two writers of one view', () => {
  it('leave the entries of the second and nothing of the first', async () => {
    const { image } = await openSample()
    const table = await image.view('rock-ridge').readTree()
    const known = await open('/a/x.iso')
    const first = new EntryWriter(database, known.id, known.generation, 'udf')
    first.write(table, 0, 5)
    const second = new EntryWriter(database, known.id, known.generation, 'udf')
    second.write(table, 0, table.length)
    expect(() => {
      first.write(table, 5, table.length)
    }).toThrow(ViewTakenOverError)
    second.finish()
    const views = database.prepare('SELECT id FROM view').pluck().all() as number[]
    expect(views).not.toContain(first.viewId)
    const strays = database
      .prepare('SELECT count(*) FROM entry WHERE (id >> 28) NOT IN (SELECT id FROM view)')
      .pluck()
      .get()
    expect(strays).toBe(0)
  })
})
