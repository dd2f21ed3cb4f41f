import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/**
 * Whether a path lies where the engine stages copies: directly usable by the drag and open services, and nothing else.
 * It is followed first: a link out of an image may point anywhere on this computer.
 */
export function isStaged(file: string, temporaryFolder: string = os.tmpdir()): boolean {
  try {
    const relative = path.relative(fs.realpathSync(temporaryFolder), fs.realpathSync(file))
    if (relative.startsWith('..') || path.isAbsolute(relative)) return false
    return /^isolde-open-\d+-/.test(relative.split(path.sep)[0] ?? '')
  } catch {
    return false
  }
}

/** The staged files among what a page names; a drag of anything else is refused by leaving it out. */
export function readPaths(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  return value.filter((item): item is string => typeof item === 'string' && path.isAbsolute(item) && isStaged(item))
}
