import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import Database from 'better-sqlite3'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { CatalogError, connect, migrate, MIGRATIONS, prepareCatalog, releaseCatalog } from '../../../src-main/catalog'
import { temporaryFolder } from '../support'

let file: string

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

beforeEach(() => {
  file = path.join(temporaryFolder(), 'profile', 'catalog.sqlite')
})

function version(of: string): unknown {
  const database = new Database(of)
  try {
    return database.pragma('user_version', { simple: true })
  } finally {
    database.close()
  }
}

/** What is in a database, but for what SQLite keeps for itself. */
function schemaOf(of: string): string[] {
  const database = new Database(of)
  try {
    const names = database.prepare("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'")
    return (names.pluck().all() as string[]).sort()
  } finally {
    database.close()
  }
}

/** Changes a catalog behind the program's back. */
function meddle(...statements: string[]): void {
  const database = new Database(file)
  database.unsafeMode()
  database.pragma('writable_schema = ON')
  for (const statement of statements) database.exec(statement)
  database.close()
}

describe('migrations', () => {
  it('are numbered from 1 without gaps', () => {
    expect(MIGRATIONS.map((migration) => migration.version)).toEqual(MIGRATIONS.map((_, i) => i + 1))
  })

  it.each(MIGRATIONS.map((migration) => [migration.version, migration.name] as const))(
    'step %i (%s) runs on a database of the version before it',
    (target) => {
      fs.mkdirSync(path.dirname(file))
      migrate(file, MIGRATIONS.slice(0, target - 1))
      migrate(file, MIGRATIONS.slice(0, target))
      expect(version(file)).toBe(target)
    },
  )

  it('say what each of them adds', () => {
    fs.mkdirSync(path.dirname(file))
    let before: string[] = []
    for (const [at, { makes }] of MIGRATIONS.entries()) {
      migrate(file, MIGRATIONS.slice(0, at + 1))
      const after = schemaOf(file)
      expect(after.filter((name) => !before.includes(name))).toEqual([...makes].sort())
      expect(before.filter((name) => !after.includes(name))).toEqual([])
      before = after
    }
  })

  it('keep a copy before they change anything', () => {
    fs.mkdirSync(path.dirname(file))
    migrate(file, MIGRATIONS.slice(0, 1))
    migrate(file, MIGRATIONS)
    expect(version(`${file}.v1.backup`)).toBe(1)
  })

  it('leave the database as it was when one fails', () => {
    fs.mkdirSync(path.dirname(file))
    migrate(file, MIGRATIONS)
    const newest = MIGRATIONS.length
    const broken = {
      version: newest + 1,
      name: 'broken',
      makes: [],
      up: 'CREATE TABLE half (a); CREATE TABLE half (a);',
    }
    expect(() => {
      migrate(file, [...MIGRATIONS, broken])
    }).toThrow()
    expect(version(file)).toBe(newest)
    const database = connect(file, 'read')
    expect(database.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'half'").pluck().get()).toBe(0)
    database.close()
  })

  it('refuse a database from a newer version', () => {
    fs.mkdirSync(path.dirname(file))
    const database = new Database(file)
    database.pragma('user_version = 9999')
    database.close()
    expect(() => {
      migrate(file, MIGRATIONS)
    }).toThrow(CatalogError)
  })
})

describe('the search index', () => {
  it('is written in large runs', () => {
    prepareCatalog(file)
    const database = connect(file, 'read')
    const settings = database.prepare('SELECT k, v FROM entry_name_config').raw().all()
    database.close()
    expect(Object.fromEntries(settings as [string, number][])).toMatchObject({ hashsize: 8_388_608, automerge: 16 })
  })
})

describe('prepareCatalog', () => {
  it('makes a new one in write-ahead mode', () => {
    const catalog = prepareCatalog(file)
    expect(catalog).toEqual({ path: file, isPersistent: true, problem: null })
    const database = connect(file, 'write')
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
    database.close()
    releaseCatalog(catalog)
  })

  it('moves a damaged one aside and begins anew', () => {
    fs.mkdirSync(path.dirname(file))
    fs.writeFileSync(file, 'this is not a database, whatever its name says')
    const catalog = prepareCatalog(file)
    expect(catalog.isPersistent).toBe(true)
    expect(catalog.problem).toContain('damaged')
    expect(fs.readdirSync(path.dirname(file)).some((name) => name.includes('.damaged-'))).toBe(true)
    expect(version(file)).toBe(MIGRATIONS.length)
  })

  it('looks closely after an end that was not clean, and finds damage inside', () => {
    prepareCatalog(file)
    const database = connect(file, 'write')
    const insert = database.prepare('INSERT INTO entry (id, name, parent, flags, byte_length) VALUES (?, ?, 0, 0, 0)')
    for (let i = 0; i < 5000; i++) insert.run(i, `name ${i}`.repeat(5))
    database.close()
    const bytes = fs.readFileSync(file)
    bytes.fill(0xa5, 4096 * 3, 4096 * 30)
    fs.writeFileSync(file, bytes)
    // No release: the mark of the run before is still there, and its process is this one, which counts as gone.
    const catalog = prepareCatalog(file)
    expect(catalog.problem).toContain('damaged')
  })

  /** A catalog of many pages, closed well, so that its log is empty. */
  function filled(): Buffer {
    const catalog = prepareCatalog(file)
    const database = connect(file, 'write')
    const insert = database.prepare('INSERT INTO entry (id, name, parent, flags, byte_length) VALUES (?, ?, 0, 0, 0)')
    database.transaction(() => {
      for (let i = 0; i < 20_000; i++) insert.run(i, `name ${i}`.repeat(5))
    })()
    database.close()
    releaseCatalog(catalog)
    return fs.readFileSync(file)
  }

  it.each([50, 5000, 0.3, 0.9, -1])(
    'one that was cut short is begun anew, and found well by the next start (%d)',
    (at) => {
      const bytes = filled()
      const end = at < 0 ? bytes.byteLength + at : at < 1 ? Math.floor(bytes.byteLength * at) : at
      fs.writeFileSync(file, bytes.subarray(0, end))
      const catalog = prepareCatalog(file)
      expect(catalog.isPersistent).toBe(true)
      expect(catalog.problem).toContain('damaged')
      releaseCatalog(catalog)
      const next = prepareCatalog(file)
      expect(next).toMatchObject({ isPersistent: true, problem: null })
      releaseCatalog(next)
    },
  )

  it.each(MIGRATIONS.flatMap(({ makes }) => makes))('one without its %s is begun anew', (name) => {
    releaseCatalog(prepareCatalog(file))
    meddle(`DELETE FROM sqlite_master WHERE name = '${name}' OR tbl_name = '${name}'`)
    expect(schemaOf(file)).not.toContain(name)
    const catalog = prepareCatalog(file)
    expect(catalog).toMatchObject({ path: file, isPersistent: true })
    expect(catalog.problem).toContain('damaged')
    expect(schemaOf(file)).toEqual(MIGRATIONS.flatMap(({ makes }) => makes).sort())
    releaseCatalog(catalog)
    const next = prepareCatalog(file)
    expect(next).toMatchObject({ isPersistent: true, problem: null })
    releaseCatalog(next)
  })

  it('one of an earlier version that lacks what that version has is begun anew', () => {
    fs.mkdirSync(path.dirname(file))
    migrate(file, MIGRATIONS.slice(0, 3))
    meddle('DROP TABLE job')
    const catalog = prepareCatalog(file)
    expect(catalog.problem).toContain('damaged')
    expect(version(file)).toBe(MIGRATIONS.length)
    releaseCatalog(catalog)
  })

  it('one that says it is older than it is is begun anew', () => {
    releaseCatalog(prepareCatalog(file))
    meddle('PRAGMA user_version = 0')
    const catalog = prepareCatalog(file)
    expect(catalog).toMatchObject({ path: file, isPersistent: true })
    expect(catalog.problem).toContain('damaged')
    releaseCatalog(catalog)
  })

  it('what somebody has added to one is left as it is', () => {
    releaseCatalog(prepareCatalog(file))
    meddle('CREATE TABLE notes (a)')
    const catalog = prepareCatalog(file)
    expect(catalog.problem).toBeNull()
    expect(schemaOf(file)).toContain('notes')
    releaseCatalog(catalog)
  })

  /** Another program that has the catalog open, as a lock on its mark says, whatever number the mark's name has. */
  async function otherProgram(): Promise<ChildProcess> {
    const script = `
      const database = new (require('better-sqlite3'))(process.argv[1])
      database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
      console.log('locked')
      setInterval(() => undefined, 1000)`
    const child = spawn(process.execPath, ['-e', script, `${file}.open.4194304`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    return child
  }

  it('one program that ends well says nothing of another that does not, nor does a number that is given anew', async () => {
    const bytes = filled()
    const other = await otherProgram()
    // One that is gone, and whose number another process has by now.
    fs.writeFileSync(`${file}.open.${process.ppid}`, '')
    const used = prepareCatalog(file)
    expect(used.problem).toBeNull()
    releaseCatalog(used)
    expect(fs.readdirSync(path.dirname(file)).filter((name) => name.includes('.open'))).toEqual([
      `${path.basename(file)}.open.4194304`,
    ])
    other.kill('SIGKILL')
    await once(other, 'exit')
    fs.writeFileSync(file, bytes.fill(0xa5, 4096 * 3, 4096 * 30))
    const catalog = prepareCatalog(file)
    expect(catalog.problem).toContain('damaged')
    releaseCatalog(catalog)
    expect(fs.readdirSync(path.dirname(file)).filter((name) => name.includes('.open'))).toEqual([])
  })

  it('a mark that cannot be removed, as an open file on Windows, costs nobody the catalog', () => {
    filled()
    fs.writeFileSync(`${file}.open.${process.ppid}`, '')
    const remove = vi.spyOn(fs, 'rmSync').mockImplementation((name) => {
      throw Object.assign(new Error(`EBUSY: ${String(name)}`), { code: 'EBUSY' })
    })
    const catalog = prepareCatalog(file)
    expect(catalog).toMatchObject({ isPersistent: true, problem: null })
    releaseCatalog(catalog)
    expect(remove).toHaveBeenCalled()
    // Nothing holds it: the next start goes on with it.
    remove.mockRestore()
    const next = prepareCatalog(file)
    expect(next).toMatchObject({ isPersistent: true, problem: null })
    releaseCatalog(next)
  })

  it('on Windows a mark is closed before it is removed', () => {
    vi.stubGlobal('process', Object.create(process, { platform: { value: 'win32' } }))
    const catalog = prepareCatalog(file)
    const isLocked: boolean[] = []
    const own = fs.rmSync
    vi.spyOn(fs, 'rmSync').mockImplementation((name, options) => {
      const probe = new Database(String(name), { timeout: 0 })
      try {
        probe.exec('BEGIN EXCLUSIVE; COMMIT')
        isLocked.push(false)
      } catch {
        isLocked.push(true)
      } finally {
        probe.close()
      }
      own(name, options)
    })
    releaseCatalog(catalog)
    expect(isLocked).toEqual([false])
  })

  it('a mark of a number that lives says nothing: only a lock does', () => {
    const bytes = filled()
    fs.writeFileSync(`${file}.open.${process.ppid}`, '')
    fs.writeFileSync(file, bytes.fill(0xa5, 4096 * 3, 4096 * 30))
    expect(prepareCatalog(file).problem).toContain('damaged')
  })

  it('a damaged one takes its log along, so that both can be looked at together', () => {
    filled()
    for (const tail of ['', '-wal', '-shm']) fs.writeFileSync(file + tail, `nothing of use${tail}`.padEnd(200))
    expect(prepareCatalog(file).problem).toContain('damaged')
    const kept = fs.readdirSync(path.dirname(file)).filter((name) => name.includes('.damaged-'))
    expect(kept.map((name) => name.replace(/.*\.damaged-[-\dT]*\d/, '')).sort()).toEqual(['', '-shm', '-wal'])
    for (const name of kept)
      expect(fs.readFileSync(path.join(path.dirname(file), name), 'utf8')).toContain('nothing of use')
  })

  it.runIf(process.platform !== 'win32')('nobody else may look into the profile', () => {
    const modeOf = (item: string): string => (fs.statSync(item).mode & 0o777).toString(8)
    const catalog = prepareCatalog(file)
    expect(modeOf(path.dirname(file))).toBe('700')
    const database = connect(file, 'write')
    database.prepare('UPDATE image SET id = id').run()
    for (const name of fs.readdirSync(path.dirname(file)))
      expect([name, modeOf(path.join(path.dirname(file), name))]).toEqual([name, '600'])
    database.close()
    releaseCatalog(catalog)
    // A profile of an older version is closed too; a folder that holds more than a profile is not ours to close.
    fs.chmodSync(path.dirname(file), 0o755)
    releaseCatalog(prepareCatalog(file))
    expect(modeOf(path.dirname(file))).toBe('700')
    fs.chmodSync(path.dirname(file), 0o755)
    fs.writeFileSync(path.join(path.dirname(file), 'letter.txt'), '')
    releaseCatalog(prepareCatalog(file))
    expect(modeOf(path.dirname(file))).toBe('755')
  })

  it('leaves one from the future alone and works on a temporary one', () => {
    fs.mkdirSync(path.dirname(file))
    const database = new Database(file)
    database.exec('CREATE TABLE precious (a)')
    database.pragma('user_version = 9999')
    database.close()
    const before = fs.readFileSync(file)
    const catalog = prepareCatalog(file)
    expect(catalog.isPersistent).toBe(false)
    expect(catalog.problem).toContain('newer version')
    expect(fs.readFileSync(file).equals(before)).toBe(true)
    expect(version(catalog.path)).toBe(MIGRATIONS.length)
    releaseCatalog(catalog)
    expect(fs.existsSync(catalog.path)).toBe(false)
  })

  it('works on a temporary one where the profile cannot be written', () => {
    // A file where the folder should be: refuses root too.
    fs.writeFileSync(path.dirname(file), '')
    const catalog = prepareCatalog(file)
    expect(catalog.isPersistent).toBe(false)
    expect(catalog.problem).toContain('will not be remembered')
    releaseCatalog(catalog)
  })
})
