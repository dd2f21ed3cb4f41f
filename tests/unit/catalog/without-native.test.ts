import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { Connection } from '../../../src-main/catalog'
import { temporaryFolder } from '../support'

/** The native code does not load: `dlopen` says why. */
vi.mock('better-sqlite3', () => ({
  default: function () {
    throw Object.assign(new Error('invalid ELF header\nat Object.dlopen'), { code: 'ERR_DLOPEN_FAILED' })
  },
}))

const { connect, prepareCatalog, releaseCatalog } = await import('../../../src-main/catalog')
const { openRuntimeDatabase } = await import('../../../src-main/catalog/runtime-sqlite')

describe('a catalog whose native code does not load', () => {
  it('is a temporary one, in the runtime’s own SQLite; the one on the disk is left alone', () => {
    const file = path.join(temporaryFolder(), 'catalog.sqlite')
    fs.writeFileSync(file, 'what is remembered')
    const catalog = prepareCatalog(file)
    expect(catalog).toMatchObject({ isPersistent: false })
    expect(catalog.problem).toBe(
      `The catalog ${file} cannot be used: its native code does not load (invalid ELF header). Images opened now will not be remembered.`,
    )
    const database = connect(catalog.path, 'write')
    expect(database.prepare('SELECT count(*) FROM image').pluck().get()).toBe(0)
    database.close()
    releaseCatalog(catalog)
    expect(fs.existsSync(catalog.path)).toBe(false)
    expect(fs.readFileSync(file, 'utf8')).toBe('what is remembered')
  })
})

describe('the runtime’s SQLite', () => {
  const open = (): Connection => {
    const database = openRuntimeDatabase(path.join(temporaryFolder(), 'a.sqlite'), { timeout: 100 })
    if (database === null) throw new Error('This Node has no SQLite.')
    database.exec('CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, bytes BLOB) STRICT')
    database.prepare('INSERT INTO item (name, bytes) VALUES (@name, @bytes)').run({
      name: 'a',
      bytes: Buffer.from([1, 2]),
      unknown: 1,
    })
    return database
  }

  it('answers rows as better-sqlite3 does: objects, arrays, first values, and Buffers', () => {
    const database = open()
    const all = database.prepare('SELECT id, name, bytes FROM item WHERE id = ?')
    expect(all.get(1)).toEqual({ id: 1, name: 'a', bytes: Buffer.from([1, 2]) })
    expect(Buffer.isBuffer((all.get(1) as { bytes: unknown }).bytes)).toBe(true)
    expect(all.get(2)).toBe(undefined)
    expect(all.raw().all(1)).toEqual([[1, 'a', Buffer.from([1, 2])]])
    expect([...database.prepare('SELECT name FROM item').pluck().iterate()]).toEqual(['a'])
    expect(database.prepare('UPDATE item SET name = ?').run('b')).toMatchObject({ changes: 1 })
    expect(database.pragma('user_version', { simple: true })).toBe(0)
    expect(database.pragma('user_version')).toEqual([{ user_version: 0 }])
  })

  it('undoes a transaction that throws, and of one inside of another only that', () => {
    const database = open()
    const insert = database.prepare('INSERT INTO item (name) VALUES (?)')
    const failing = database.transaction((name: string) => {
      insert.run(name)
      throw new Error('no')
    })
    expect(() => failing.immediate('x')).toThrow('no')
    const outer = database.transaction(() => {
      insert.run('outer')
      expect(() => failing('inner')).toThrow('no')
      return database.inTransaction
    })
    expect(outer()).toBe(true)
    expect(database.inTransaction).toBe(false)
    expect(database.prepare('SELECT name FROM item ORDER BY id').pluck().all()).toEqual(['a', 'outer'])
  })

  it('opens nothing that must be there and is not', () => {
    const file = path.join(temporaryFolder(), 'none.sqlite')
    expect(() => openRuntimeDatabase(file, { timeout: 100, fileMustExist: true })).toThrow('unable to open')
    expect(fs.existsSync(file)).toBe(false)
  })
})
