import fs from 'node:fs'
import path from 'node:path'
import { namesIn, systemPath } from './system-path'

/**
 * What a thing on a disk is, whatever path led to it: its file system's device number and its number there. Whole
 * numbers of 64 bits, because some file systems give numbers that a double would round together.
 */
export interface Identity {
  dev: bigint
  ino: bigint
}

/** Of the thing itself, a link not followed; null where nothing is there. @throws the system's error otherwise */
export function lookAt(itemPath: string): fs.BigIntStats | null {
  return fs.lstatSync(systemPath(itemPath), { bigint: true, throwIfNoEntry: false }) ?? null
}

/** For sets and maps. */
export function identityKey({ dev, ino }: Identity): string {
  return `${dev}:${ino}`
}

export function isSameObject(a: Identity, b: Identity): boolean {
  return a.dev === b.dev && a.ino === b.ino
}

/**
 * Whether two paths name one entry of one folder: the same thing, reached through links, bind mounts or another spelling.
 * Two hard links of a file are one thing and yet two entries: each can go without the other.
 * @throws the system's error where a folder on the way cannot be looked at
 */
export function isSameEntry(first: string, second: string): boolean {
  const a = lookAt(first)
  const b = lookAt(second)
  if (!a || !b || !isSameObject(a, b)) return false
  // Folders have no second name, but for mounts of one folder at another place, and that is the same place.
  if (a.isDirectory()) return true
  const parents = [first, second].map((item) => fs.statSync(systemPath(path.dirname(item)), { bigint: true }))
  if (!parents[0] || !parents[1] || !isSameObject(parents[0], parents[1])) return false
  const [firstName, secondName] = [path.basename(first), path.basename(second)]
  if (firstName === secondName) return true
  // Names in other letters are one entry where the folder lists only one of them.
  const listed = namesIn(path.dirname(first))
  return !(listed.includes(firstName) && listed.includes(secondName))
}
