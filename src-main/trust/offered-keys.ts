import fs from 'node:fs'
import path from 'node:path'
import { readPlainFileOrNothing } from '../files/plain-file'
import { keysIn } from './key-store'

/** Files beside an image that are looked into, and how long one may be, in bytes. */
const FILES_LIMIT = 16
const FILE_LIMIT = 1 << 20
const KEY_FILE = /\.(?:asc|gpg|pgp|key|pub)$|^(?:RPM-)?(?:GPG-)?KEYS?(?:[-.].*)?$/i

/**
 * A key that lies beside an image and would fit a signature. It proves nothing by itself: whoever changed the image could
 * have put it there. It is offered to a person, who compares its fingerprint with what the maker says elsewhere.
 */
export interface OfferedKey {
  /** The file that holds it. */
  path: string
  fingerprint: string
  /** Whom it says that it belongs to. */
  owner: string
}

/** The keys beside an image, by the numbers that signatures name keys by, in lower-case hexadecimal. */
export async function findOfferedKeys(imagePath: string): Promise<Map<string, OfferedKey>> {
  const folder = path.dirname(imagePath)
  const offered = new Map<string, OfferedKey>()
  for (const name of keyFilesIn(folder)) {
    const file = path.join(folder, name)
    for (const { key, numbers } of await keysIn(readPlainFileOrNothing(file, FILE_LIMIT), file)) {
      const { fingerprint, owner } = key
      for (const number of numbers) if (!offered.has(number)) offered.set(number, { path: file, fingerprint, owner })
    }
  }
  return offered
}

function keyFilesIn(folder: string): string[] {
  const isShort = (name: string): boolean => {
    const stat = fs.statSync(path.join(folder, name), { throwIfNoEntry: false })
    return stat?.isFile() === true && stat.size <= FILE_LIMIT
  }
  try {
    return fs
      .readdirSync(folder)
      .filter((name) => KEY_FILE.test(name) && isShort(name))
      .sort()
      .slice(0, FILES_LIMIT)
  } catch {
    return []
  }
}
