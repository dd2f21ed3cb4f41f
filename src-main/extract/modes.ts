import fs from 'node:fs'
import type { EntryTable } from '../image/core/entry-table'

/** Who extracted a file can change and remove it, whatever a disc that nobody can write to says. */
const OWN_FILE = 0o600
const OWN_FOLDER = 0o700

/** Permissions, and that others may not remove what is in a folder. */
const PERMISSIONS = 0o777
const STICKY = 0o1000
/** Who runs a file becomes its owner, or its group: that is another one's right where owners are not taken over as well. */
const SET_IDS = 0o6000

/** What of modes and owners is asked for. */
export interface ModeWishes {
  /** Exactly as recorded, though its owner could not even delete it; the process's umask does not apply. */
  modes: boolean
  owners: boolean
}

/** The permission bits that an entry is written with; -1 where none are recorded. */
export function writtenMode(table: EntryTable, entry: number, { modes, owners }: ModeWishes): number {
  const mode = table.modeOf(entry)
  if (mode < 0) return -1
  if (modes) return mode & (PERMISSIONS | STICKY | (owners ? SET_IDS : 0))
  return (mode & PERMISSIONS) | (table.kindOf(entry) === 'directory' ? OWN_FOLDER : OWN_FILE)
}

export function withoutSetIds(mode: number): number {
  return mode & ~SET_IDS
}

/** What the system would make of a mode: as it is where it is wanted exactly, else without what the umask takes. */
export function settledMode(mode: number, isExact: boolean): number {
  return isExact ? mode : mode & ~CURRENT_UMASK
}

/**
 * Giving a file away clears its set-ID bits and may not be for everybody; the mode is set again after it.
 * @returns false where no owner is recorded
 */
export function giveAway(descriptor: number, uid: number, gid: number, mode: number): boolean {
  if (uid < 0 || gid < 0) return false
  fs.fchownSync(descriptor, uid, gid)
  if (mode >= 0) fs.fchmodSync(descriptor, mode)
  return true
}

/** Read once: asking for the umask means setting it, which worker threads may not. */
const CURRENT_UMASK = readUmask()

function readUmask(): number {
  try {
    const line = /^Umask:\s*([0-7]+)/m.exec(fs.readFileSync('/proc/self/status', 'latin1'))
    if (line?.[1] !== undefined) return parseInt(line[1], 8)
  } catch {
    // Not Linux.
  }
  return process.platform === 'win32' ? 0 : 0o022
}
