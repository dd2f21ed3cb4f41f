import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { catalogSize, cleanCatalog, compact, connect, prepareCatalog, type Connection } from '../../../src-main/catalog'

const DAY = 86_400_000
const NOW = 1_000 * DAY
const FOREVER = { byteLimit: 0, keepDays: 0 }

let folder: string
let database: Connection

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'isolde-cleaning-'))
  database = connect(prepareCatalog(path.join(folder, 'catalog.sqlite')).path, 'write')
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

/** An image that was opened so many days ago, which takes about `size` bytes. */
function remember(name: string, daysAgo: number, size = 0, about = { notes: '', group: '', tag: '' }): number {
  const file = `/discs/${name}`
  const at = NOW - daysAgo * DAY
  const { lastInsertRowid } = database
    .prepare(
      `INSERT INTO image (location, path, name, byte_length, modified, fingerprint, charset, label, formats, status,
         info, generation, first_opened, last_opened, last_seen, notes, collection)
       VALUES (?, ?, ?, 1, 1, x'00', NULL, '', '[]', 'complete', ?, 1, ?, ?, ?, ?, ?)`,
    )
    .run(JSON.stringify(['path', file]), file, name, 'x'.repeat(size), at, at, at, about.notes, about.group)
  const id = Number(lastInsertRowid)
  if (about.tag !== '') database.prepare('INSERT INTO image_tag (image_id, tag) VALUES (?, ?)').run(id, about.tag)
  return id
}

const left = (): string[] => database.prepare('SELECT name FROM image ORDER BY name').pluck().all() as string[]

describe('cleaning the catalog', () => {
  it('forgets nothing unless a person wants it to', () => {
    remember('old.iso', 900)
    expect(cleanCatalog(database, FOREVER, [], NOW)).toEqual([])
    expect(left()).toEqual(['old.iso'])
  })

  it('forgets what nobody has opened for so many days', () => {
    const old = remember('old.iso', 31)
    remember('new.iso', 29)
    expect(cleanCatalog(database, { ...FOREVER, keepDays: 30 }, [], NOW)).toEqual([old])
    expect(left()).toEqual(['new.iso'])
  })

  it('keeps what is open, what a person has said something about, and what is watched', () => {
    const open = remember('open.iso', 900)
    remember('notes.iso', 900, 0, { notes: 'mine', group: '', tag: '' })
    remember('group.iso', 900, 0, { notes: '', group: 'backups', tag: '' })
    remember('tag.iso', 900, 0, { notes: '', group: '', tag: 'music' })
    remember('watched/disc.iso', 900)
    remember('watched-not.iso', 900)
    database.prepare('INSERT INTO watched_folder (path, added_at) VALUES (?, 0)').run('/discs/watched')
    cleanCatalog(database, { ...FOREVER, keepDays: 30 }, [open], NOW)
    expect(left()).toEqual(['group.iso', 'notes.iso', 'open.iso', 'tag.iso', 'watched/disc.iso'])
  })

  it('goes below the limit, the one that was opened longest ago first, and gives the room back', () => {
    for (const [index, name] of ['first.iso', 'second.iso', 'third.iso', 'fourth.iso'].entries())
      remember(name, 100 - index, 1_000_000)
    const byteLimit = 2_500_000
    expect(catalogSize(database)).toMatchObject({ imageCount: 4 })
    expect(catalogSize(database).byteLength).toBeGreaterThan(4_000_000)
    cleanCatalog(database, { ...FOREVER, byteLimit }, [], NOW)
    expect(left()).toEqual(['fourth.iso', 'third.iso'])
    expect(catalogSize(database).byteLength).toBeLessThanOrEqual(byteLimit)
    compact(database)
    const pages = database.pragma('page_count', { simple: true }) as number
    expect(pages * (database.pragma('page_size', { simple: true }) as number)).toBeLessThanOrEqual(byteLimit)
  })

  it('never forgets what was opened within the hour, however small the limit', () => {
    remember('just-now.iso', 0, 1_000_000)
    expect(cleanCatalog(database, { byteLimit: 1, keepDays: 1 }, [], NOW)).toEqual([])
  })
})
