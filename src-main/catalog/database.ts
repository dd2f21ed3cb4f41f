import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { makeFolders } from '../sinks/make-folders'
import { foldName } from './fold-name'
import { MIGRATIONS, type Migration } from './migrations'
import { endedBadly, markOpen, unmarkOpen } from './open-marks'
import { nativeTrouble, openDatabase, type Connection } from './sqlite'

export type { Connection } from './sqlite'

/** The database cannot be used as it is; the sentence says why and what was done or is to be done. */
export class CatalogError extends Error {
  constructor(
    readonly code: 'CATALOG_FROM_THE_FUTURE' | 'CATALOG_UNUSABLE',
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options)
    this.name = 'CatalogError'
  }
}

/** The database's native code does not load: of another system or runtime, or gone. */
class NativeError extends Error {
  constructor(cause: Error) {
    super(cause.message.split('\n')[0], { cause })
  }
}

/** The file is a good database, but not the one that its version says: somebody has taken something out of it. */
class SchemaError extends Error {}

export interface PreparedCatalog {
  /** The file that every connection opens. */
  path: string
  /** False for a temporary database that goes with the program. */
  isPersistent: boolean
  /** Why it is not kept, or what was repaired; one sentence for people. */
  problem: string | null
}

const BUSY_TIMEOUT_MS = 10_000

/**
 * Brings the catalog at `filePath` up to date and answers where to open it. A corrupted one is moved aside and begun
 * anew; one that cannot be written, or is from a newer version, or whose native code does not load, is left alone and a
 * temporary one stands in.
 * @throws why the native code does not load where the runtime has no SQLite of its own for a temporary one
 */
export function prepareCatalog(filePath: string, migrations: readonly Migration[] = MIGRATIONS): PreparedCatalog {
  try {
    const trouble = nativeTrouble()
    if (trouble !== null) throw new NativeError(trouble)
    makePrivateFolder(path.dirname(filePath))
    const repaired = checkAfterCrash(filePath) ?? migrateOrBeginAnew(filePath, migrations)
    if (repaired !== null) migrate(filePath, migrations)
    markOpen(filePath)
    makePrivate(filePath)
    return { path: filePath, isPersistent: true, problem: repaired }
  } catch (error) {
    return openFallback(filePath, error, migrations)
  }
}

/**
 * A damaged database may only show when it is read: one that was cut short has a good beginning.
 * @returns what was done about it, or null
 */
function migrateOrBeginAnew(filePath: string, migrations: readonly Migration[]): string | null {
  try {
    migrate(filePath, migrations)
    return null
  } catch (error) {
    if (!isDamage(error)) throw error
    return moveAside(filePath)
  }
}

function isDamage(error: unknown): boolean {
  if (error instanceof SchemaError) return true
  const code = (error as { code?: string }).code ?? ''
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB'
}

/** What a profile holds; a folder with anything else in it is somebody's own, and keeps its mode. */
const OF_PROFILE = /^(?:catalog\.sqlite|settings\.json|reports$|compile-cache$|isolde\.log)/

/** What images somebody has, and where, is nobody else's business. */
function makePrivateFolder(folder: string): void {
  makeFolders(folder, 0o700)
  ifAllowed(() => {
    const isPrivate = (fs.statSync(folder).mode & 0o077) === 0
    if (!isPrivate && fs.readdirSync(folder).every((name) => OF_PROFILE.test(name))) fs.chmodSync(folder, 0o700)
  })
}

/** SQLite gives its log the mode of the database. */
function makePrivate(filePath: string): void {
  for (const tail of ['', '-wal', '-shm'])
    ifAllowed(() => {
      if (fs.existsSync(filePath + tail)) fs.chmodSync(filePath + tail, 0o600)
    })
}

/** A folder of somebody else's, or a disk without modes, is used as it is. */
function ifAllowed(change: () => void): void {
  try {
    change()
  } catch {
    // Nothing is lost by it but secrecy, which its owner has decided about.
  }
}

/** Whether an error of SQLite means that the database cannot be used any more: full, gone, read-only, damaged. */
export function isFailure(sqliteCode: string): boolean {
  return /^SQLITE_(?:FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB)/.test(sqliteCode)
}

/** A temporary catalog in the place of one that cannot be used. @param error why: with SQLite's or the system's code */
export function openFallback(
  filePath: string,
  error: unknown,
  migrations: readonly Migration[] = MIGRATIONS,
): PreparedCatalog {
  const temporary = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'isolde-catalog-')), 'catalog.sqlite')
  migrate(temporary, migrations)
  return { path: temporary, isPersistent: false, problem: explain(error, filePath) }
}

/** To be called when the last connection is closed. Never throws. */
export function releaseCatalog(catalog: PreparedCatalog): void {
  try {
    if (catalog.isPersistent) unmarkOpen(catalog.path)
    else fs.rmSync(path.dirname(catalog.path), { recursive: true, force: true })
  } catch {
    // The next start then checks the database once more than needed.
  }
}

/** A connection as every part of the program uses it. @param mode `read` for those that only ask */
export function connect(filePath: string, mode: 'read' | 'write'): Connection {
  const database = openDatabase(filePath, { timeout: BUSY_TIMEOUT_MS, fileMustExist: true, readonly: mode === 'read' })
  if (mode === 'write') {
    database.pragma('synchronous = NORMAL')
    database.pragma('foreign_keys = ON')
  }
  database.pragma('temp_store = MEMORY')
  return database
}

/**
 * Runs the migrations that are missing, each in a transaction of its own, after a copy of the database was kept.
 * @throws {CatalogError} `CATALOG_FROM_THE_FUTURE` where a newer version of the program has written it;
 *   {@link SchemaError} where it is not what its own version says
 */
export function migrate(filePath: string, migrations: readonly Migration[]): void {
  const database = openDatabase(filePath, { timeout: BUSY_TIMEOUT_MS })
  try {
    const version = checkedVersion(database, migrations)
    const newest = migrations.at(-1)?.version ?? 0
    if (version > newest)
      throw new CatalogError(
        'CATALOG_FROM_THE_FUTURE',
        `The catalog ${filePath} was written by a newer version of Isolde, so this one leaves it alone.`,
      )
    database.pragma('journal_mode = WAL')
    if (version === newest) return
    if (version > 0) keepCopy(database, filePath, version)
    database.function('fold_name', { deterministic: true }, (name) => foldName(String(name)))
    for (const migration of migrations) if (migration.version > version) apply(database, migration)
  } finally {
    database.close()
  }
}

/**
 * The version that a database has. Its schema is held to it: one without a table would otherwise fail at the first
 * question about that table, at every start. One that a newer version has written is not judged.
 * @throws {SchemaError} where something is missing, or there though its version does not know it
 */
function checkedVersion(database: Connection, migrations: readonly Migration[]): number {
  // In one transaction: another copy of the program may be adding to both.
  return database.transaction(() => {
    const version = database.pragma('user_version', { simple: true }) as number
    if (version > (migrations.at(-1)?.version ?? 0)) return version
    const present = new Set(database.prepare('SELECT name FROM sqlite_master').pluck().all() as string[])
    for (const migration of migrations)
      for (const name of migration.makes)
        if (present.has(name) !== migration.version <= version)
          throw new SchemaError(`${name} is ${present.has(name) ? 'there before its time' : 'missing'}.`)
    return version
  })()
}

function apply(database: Connection, migration: Migration): void {
  const run = database.transaction(() => {
    // Another copy of the program may have been quicker.
    if ((database.pragma('user_version', { simple: true }) as number) >= migration.version) return
    database.exec(migration.up)
    database.pragma(`user_version = ${migration.version}`)
  })
  run.immediate()
}

/** `VACUUM INTO` copies a consistent state whatever is in the write-ahead log. */
function keepCopy(database: Connection, filePath: string, version: number): void {
  const copy = `${filePath}.v${version}.backup`
  fs.rmSync(copy, { force: true })
  try {
    database.prepare('VACUUM INTO ?').run(copy)
  } catch (error) {
    // Half a copy helps nobody, least of all on a disk that is full.
    for (const tail of ['', '-journal']) fs.rmSync(copy + tail, { force: true })
    throw error
  }
  ifAllowed(() => {
    fs.chmodSync(copy, 0o600)
  })
}

/** @returns what was done about a damaged database, or null */
function checkAfterCrash(filePath: string): string | null {
  const stat = fs.statSync(filePath, { throwIfNoEntry: false })
  if (stat === undefined) return null
  // Opening a pipe would wait for somebody to write into it.
  if (!stat.isFile()) return moveAside(filePath)
  const isWell = endedBadly(filePath) ? isSound(filePath) : isDatabase(filePath)
  return isWell ? null : moveAside(filePath)
}

/**
 * A quick look: enough where the last end was clean. The first bytes, and whether the file is as long as its header says
 * (https://www.sqlite.org/fileformat2.html, 1.3: the page size at 16, the number of pages at 28, which counts where the
 * change counter at 24 is the same as at 92). Pages that are still in the log only are not missed here.
 */
function isDatabase(filePath: string): boolean {
  const stat = fs.statSync(filePath)
  if (stat.size === 0) return true
  const descriptor = fs.openSync(filePath, 'r')
  try {
    const head = Buffer.alloc(100)
    if (fs.readSync(descriptor, head, 0, 100, 0) < 100) return false
    if (head.toString('latin1', 0, 16) !== 'SQLite format 3\0') return false
    const hasLog = (fs.statSync(`${filePath}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0
    const pageSize = head.readUInt16BE(16) === 1 ? 65_536 : head.readUInt16BE(16)
    const isCounted = head.readUInt32BE(24) === head.readUInt32BE(92)
    return hasLog || !isCounted || stat.size >= head.readUInt32BE(28) * pageSize
  } finally {
    fs.closeSync(descriptor)
  }
}

function isSound(filePath: string): boolean {
  try {
    const database = openDatabase(filePath, { timeout: BUSY_TIMEOUT_MS })
    try {
      return database.pragma('quick_check(1)', { simple: true }) === 'ok'
    } finally {
      database.close()
    }
  } catch (error) {
    if (isDamage(error)) return false
    throw error
  }
}

/**
 * The database with its write-ahead log and the log's index, under one other name: what the log holds is of no use
 * without its database, nor the database without it.
 */
function moveAside(filePath: string): string {
  const aside = `${filePath}.damaged-${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}`
  for (const tail of ['-wal', '-shm', ''])
    try {
      fs.renameSync(filePath + tail, aside + tail)
    } catch (error) {
      if (tail === '' || (error as { code?: string }).code !== 'ENOENT') throw error
    }
  return `The catalog was damaged and has been begun anew. The old one is kept as ${aside}.`
}

function explain(error: unknown, filePath: string): string {
  if (error instanceof CatalogError) return `${error.message} Images opened now will not be remembered.`
  if (error instanceof NativeError)
    return `The catalog ${filePath} cannot be used: its native code does not load (${error.message}). Images opened now will not be remembered.`
  const code = (error as { code?: string }).code ?? ''
  const reason = /READONLY|EROFS|EACCES|EPERM|CANTOPEN/.test(code)
    ? 'cannot be written'
    : /FULL|ENOSPC/.test(code)
      ? 'has no space left on its disk'
      : /BUSY|LOCKED/.test(code)
        ? 'is locked by another program'
        : `cannot be used (${code || String(error)})`
  return `The catalog ${filePath} ${reason}. Images opened now will not be remembered.`
}
