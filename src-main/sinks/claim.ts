import fs from 'node:fs'
import path from 'node:path'
import type * as Sqlite from 'node:sqlite'
import { hiddenName, HIDDEN_ID, removeQuietly } from './stage-name'
import { namesIn, systemPath } from './system-path'

/**
 * A hidden name in a folder, for what must not stay there if this process is killed. A file beside it,
 * `<name>.<number of the folder>.lock`, is locked by an open handle for as long as the process works: whoever finds it
 * unlocked knows that nobody does, in whatever container or namespace, and removes both. No disc image can hold such a
 * file, since nobody who makes one knows the number that the file system gave to the folder.
 */
export interface Claim {
  /** Free in the folder. Names that begin with it and `-` or `.` are claimed with it. */
  readonly name: string
  /** Once nothing is left under the name. Never throws. */
  release(): void
}

interface Lock {
  release(): void
}

/** @throws the system's error where nothing can be made in the folder */
export function claimName(folder: string): Claim {
  for (;;) {
    const name = hiddenName()
    const lockPath = path.join(folder, `${name}.${fs.statSync(systemPath(folder), { bigint: true }).ino}.lock`)
    fs.closeSync(fs.openSync(systemPath(lockPath), 'wx', 0o600))
    let lock: Lock | null
    try {
      lock = tryLock(lockPath)
    } catch {
      // Nothing can be locked here: what is left behind stays, since nobody could tell whether it is still wanted.
      unlinkQuietly(lockPath)
      return { name, release: () => undefined }
    }
    // Another process may have looked between the file and its lock, and found it abandoned.
    if (lock === null || !fs.existsSync(systemPath(lockPath))) {
      lock?.release()
      continue
    }
    const held = lock
    return {
      name,
      release: () => {
        drop(lockPath, held)
      },
    }
  }
}

/** Removes what processes that were killed left in a folder. @throws the system's error where it cannot be listed */
export function sweepAbandoned(folder: string): void {
  const names = namesIn(folder)
  for (const name of names) {
    const [, id, number] = LOCK_NAME.exec(name) ?? []
    if (id === undefined || number !== String(fs.statSync(systemPath(folder), { bigint: true }).ino)) continue
    const lockPath = path.join(folder, name)
    const lock = lockIfAbandoned(lockPath)
    if (lock === null) continue
    for (const other of names) if (other !== name && isClaimedBy(other, id)) removeQuietly(path.join(folder, other))
    drop(lockPath, lock)
  }
}

const LOCK_NAME = new RegExp(`^(${HIDDEN_ID})\\.(\\d+)\\.lock$`)

function isClaimedBy(name: string, id: string): boolean {
  return name === id || name.startsWith(`${id}-`) || name.startsWith(`${id}.`)
}

function lockIfAbandoned(lockPath: string): Lock | null {
  try {
    const stat = fs.lstatSync(systemPath(lockPath))
    return stat.isFile() && stat.size === 0 ? tryLock(lockPath) : null
  } catch {
    return null
  }
}

/**
 * Locks an empty file. The runtime has no call for it but through its SQLite, which takes the system's own lock
 * (`fcntl`, `LockFileEx`); the system drops it when the process ends, however that happens.
 * @returns null where another one holds it
 * @throws where this file system, or this runtime, has no locks
 */
function tryLock(lockPath: string): Lock | null {
  const sqlite = process.getBuiltinModule('node:sqlite') as typeof Sqlite | undefined
  if (sqlite === undefined) throw new Error('The runtime has no SQLite.')
  const database = new sqlite.DatabaseSync(systemPath(lockPath))
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (SQLITE_BUSY.test((error as Error).message)) return null
    throw error
  }
  return {
    release: () => {
      database.close()
    },
  }
}

/** Windows removes no file that is open; elsewhere it goes before its lock does, so that nobody finds it abandoned. */
function drop(lockPath: string, lock: Lock): void {
  const isOpenKept = process.platform === 'win32'
  if (isOpenKept) lock.release()
  unlinkQuietly(lockPath)
  if (!isOpenKept) lock.release()
}

const SQLITE_BUSY = /locked|busy/i

function unlinkQuietly(filePath: string): void {
  try {
    fs.unlinkSync(systemPath(filePath))
  } catch {
    // It is gone, or its disk is.
  }
}
