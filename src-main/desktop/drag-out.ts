import os from 'node:os'
import path from 'node:path'

/** Whether a path lies where the engine stages copies: directly usable by the drag and open services, and nothing else. */
export function isStaged(file: string, temporaryFolder: string = os.tmpdir()): boolean {
  const relative = path.relative(temporaryFolder, path.resolve(file))
  if (relative.startsWith('..') || path.isAbsolute(relative)) return false
  return /^isolde-open-\d+-/.test(relative.split(path.sep)[0] ?? '')
}

/** The staged files among what a page names; a drag of anything else is refused by leaving it out. */
export function readPaths(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  return value.filter((item): item is string => typeof item === 'string' && path.isAbsolute(item) && isStaged(item))
}
