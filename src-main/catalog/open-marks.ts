import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { openDatabase, type Connection } from './sqlite'

/**
 * A mark beside the catalog for every program that has it open, locked for as long as the program lives: finding one that
 * nobody holds means that its program did not end well. One each, so that the end of one says nothing of another; locked
 * instead of numbered, so that neither a container nor a number that is given anew can mislead.
 */
const TAIL = '.open'

/** Marks of this process, with what locks them, by the catalog. */
const held = new Map<string, { mark: string; lock: Connection }>()

/** To be called when the catalog is in use. @throws the system's error */
export function markOpen(filePath: string): void {
  unmarkOpen(filePath)
  const mark = `${filePath}${TAIL}.${randomBytes(6).toString('hex')}`
  fs.writeFileSync(mark, '', { mode: 0o600, flag: 'wx' })
  try {
    const lock = lockOf(mark)
    if (lock) held.set(filePath, { mark, lock })
  } catch {
    // A disk without locks: nobody could tell what the mark says.
    fs.rmSync(mark, { force: true })
  }
}

/** To be called when it is not any more. */
export function unmarkOpen(filePath: string): void {
  const own = held.get(filePath)
  if (!own) return
  held.delete(filePath)
  remove(own.mark, own.lock)
}

/**
 * Whether a program ended over the catalog and no other one works on it, which would have found damage itself. Marks of
 * programs that are gone are removed.
 */
export function endedBadly(filePath: string): boolean {
  const beginning = `${path.basename(filePath)}${TAIL}`
  const folder = path.dirname(filePath)
  // Begun again in one process: whoever had it here before has not ended it.
  let hasEnded = held.has(filePath)
  unmarkOpen(filePath)
  let isInUse = false
  for (const name of fs.readdirSync(folder)) {
    if (!name.startsWith(beginning)) continue
    const mark = path.join(folder, name)
    const lock = lockOrNull(mark)
    if (lock === null) isInUse = true
    else {
      hasEnded = true
      remove(mark, lock)
    }
  }
  return hasEnded && !isInUse
}

/**
 * Windows removes no file that is open; elsewhere it goes before its lock does, so that nobody finds it unlocked. What
 * cannot be removed only has the next start look more closely than it need.
 */
function remove(mark: string, lock: Connection): void {
  const isOpenKept = process.platform === 'win32'
  if (isOpenKept) lock.close()
  try {
    fs.rmSync(mark, { force: true })
  } catch {
    // See above.
  }
  if (!isOpenKept) lock.close()
}

/** Null where another program holds it, or nobody can tell. */
function lockOrNull(mark: string): Connection | null {
  try {
    // What earlier versions wrote into theirs is no database.
    if (fs.statSync(mark).size > 0) fs.truncateSync(mark)
    return lockOf(mark)
  } catch {
    return null
  }
}

/** By the lock that SQLite takes of the system, which drops it when the process ends. @returns null where it is taken */
function lockOf(mark: string): Connection | null {
  const database = openDatabase(mark, { timeout: 0 })
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return database
  } catch (error) {
    database.close()
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY') === true) return null
    throw error
  }
}
