import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { migrate, MIGRATIONS } from '../../src-main/catalog'
import { EngineProcess } from '../unit/engine/engine-process'
import { temporaryFolder } from '../unit/support'
import { isThorough, seededRandom } from './support'

const MOMENTS = isThorough ? 24 : 12
/** A version of before the names were folded: what follows writes into nearly every page. */
const OLD = 7
const NAMES = 60_000
const isRoot = process.getuid?.() === 0

/** The catalog of an earlier version, with an image of many names that the next versions index anew. */
function writeOldCatalog(file: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  migrate(file, MIGRATIONS.slice(0, OLD))
  const database = new Database(file)
  database.exec(`
    INSERT INTO image (location, path, name, byte_length, fingerprint, label, formats, status, info, generation,
      first_opened, last_opened, last_seen, notes)
    VALUES ('path:/old.iso', '/old.iso', 'old.iso', 1, x'00', 'OLD', '', 'complete', '{}', 1, 1, 1, 1, 'keep me');
    INSERT INTO view (image_id, generation, key, entry_count, is_complete, is_searchable)
    VALUES (1, 1, 'rock-ridge', ${NAMES}, 1, 1);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${NAMES})
    INSERT INTO entry (id, name, parent, flags, byte_length)
    SELECT 268435456 + i, 'größe ' || i || '.dat', 0, 0, 1 FROM n;
    INSERT INTO entry_name (rowid, name) SELECT id, name FROM entry;
  `)
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
}

interface Seen {
  version: number
  integrity: unknown
  names: number
  notes: unknown
  indexed: unknown
}

function look(file: string): Seen {
  const database = new Database(file)
  try {
    database.exec("INSERT INTO entry_name (entry_name) VALUES ('integrity-check')")
    return {
      version: database.pragma('user_version', { simple: true }) as number,
      integrity: database.pragma('integrity_check', { simple: true }),
      names: database.prepare('SELECT count(*) FROM entry').pluck().get() as number,
      notes: database.prepare('SELECT notes FROM image').pluck().get(),
      indexed: database.prepare('SELECT count(*) FROM entry_name').pluck().get(),
    }
  } finally {
    database.close()
  }
}

const whole = { integrity: 'ok', names: NAMES, notes: 'keep me', indexed: NAMES }

describe('a catalog of an earlier version', () => {
  it(`is whole whenever its migration is killed, and is migrated by the next start (${MOMENTS} moments)`, async () => {
    const folder = temporaryFolder()
    const original = path.join(folder, 'original.sqlite')
    writeOldCatalog(original)
    const random = seededRandom(11)
    const versions = new Set<number>()
    let interrupted = 0
    for (let moment = 0; moment < MOMENTS; moment++) {
      const home = path.join(folder, `home ${moment}`)
      const catalog = path.join(home, 'catalog.sqlite')
      fs.mkdirSync(home)
      fs.copyFileSync(original, catalog)
      const child = fork(path.resolve('dist/main/engine.js'), [], { serialization: 'advanced' })
      onTestFinished(() => void child.kill('SIGKILL'))
      const ended = once(child, 'exit')
      child.send({ type: 'start', options: { home, host: 'process', version: '0', openAtStart: [] } })
      // The copy that is kept is the first thing that a migration writes; a quarter of the moments lies in it.
      while (!fs.existsSync(`${catalog}.v${OLD}.backup`)) await wait(1)
      await wait(random() * 400)
      child.kill('SIGKILL')
      await ended
      const seen = look(catalog)
      versions.add(seen.version)
      if (seen.version < MIGRATIONS.length) interrupted++
      expect(seen).toMatchObject(whole)
      const engine = await EngineProcess.start(home)
      expect(await engine.call('engine.hello', {})).toMatchObject({ catalogIsKept: true, catalogProblem: null })
      await engine.shutdown()
      expect(look(catalog)).toMatchObject({ ...whole, version: MIGRATIONS.length })
      // What is kept of the version before is whole too.
      expect(look(`${catalog}.v${seen.version < MIGRATIONS.length ? seen.version : OLD}.backup`).names).toBe(NAMES)
      fs.rmSync(home, { recursive: true })
    }
    // The moments must lie within the migration, or nothing was tried.
    expect(interrupted).toBeGreaterThan(MOMENTS / 4)
    expect(versions).toContain(OLD)
  }, 300_000)

  describe.runIf(isRoot && process.platform === 'linux')('whose disk is full (needs root for a tmpfs)', () => {
    /** Room behind the catalog, by what it is too little for. */
    it.each([
      ['the copy that is kept', 0.5],
      ['what the migration writes', 1.15],
    ])(
      'loses nothing, is opened as a temporary one, and migrated later: no room for %s',
      async (_what, part) => {
        const folder = temporaryFolder()
        const original = path.join(folder, 'original.sqlite')
        writeOldCatalog(original)
        const { size } = fs.statSync(original)
        const home = path.join(folder, 'disk')
        fs.mkdirSync(home)
        const all = Math.ceil(size * (1 + part))
        execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${all}`, 'isolde-test', home])
        onTestFinished(() => void execFileSync('umount', ['-l', home]))
        const catalog = path.join(home, 'catalog.sqlite')
        fs.copyFileSync(original, catalog)
        const full = await EngineProcess.start(home)
        const hello = await full.call('engine.hello', {})
        expect(hello.catalogIsKept).toBe(false)
        expect(hello.catalogProblem).toContain('no space')
        await full.shutdown()
        const { version, ...rest } = look(catalog)
        expect(rest).toEqual(whole)
        expect(version).toBeGreaterThanOrEqual(OLD)
        expect(version).toBeLessThan(MIGRATIONS.length)
        // No half copy takes the room that is missing.
        const kept = `${catalog}.v${OLD}.backup`
        if (fs.existsSync(kept)) expect(look(kept).names).toBe(NAMES)
        execFileSync('mount', ['-o', `remount,size=${all + size * 6}`, home])
        const engine = await EngineProcess.start(home)
        expect(await engine.call('engine.hello', {})).toMatchObject({ catalogIsKept: true, catalogProblem: null })
        await engine.shutdown()
        expect(look(catalog)).toEqual({ ...whole, version: MIGRATIONS.length })
      },
      60_000,
    )
  })
})
