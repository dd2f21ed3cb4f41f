import fs from 'node:fs'
import path from 'node:path'

/**
 * Paths without those that name something once more, or something below another of them: that goes with it, and is not
 * there any more when its own turn comes. Links on the way to a path hide nothing; the last name may be a link's own.
 */
export function namedOnce(paths: readonly string[]): string[] {
  const folders = new Map<string, string>()
  const byPlace = new Map<string, string>()
  for (const itemPath of paths) {
    const place = placeOf(itemPath, folders)
    if (!byPlace.has(place)) byPlace.set(place, itemPath)
  }
  return [...byPlace].filter(([place]) => !isBelowOne(place, byPlace)).map(([, itemPath]) => itemPath)
}

/** @param folders real paths of folders that were asked for before */
function placeOf(itemPath: string, folders: Map<string, string>): string {
  const resolved = path.resolve(itemPath)
  const folder = path.dirname(resolved)
  let real = folders.get(folder)
  if (real === undefined) {
    real = realPath(folder)
    folders.set(folder, real)
  }
  return path.join(real, path.basename(resolved))
}

/** What cannot be looked at is told of when its turn comes. */
function realPath(folder: string): string {
  try {
    return fs.realpathSync.native(folder)
  } catch {
    return folder
  }
}

function isBelowOne(place: string, places: ReadonlyMap<string, string>): boolean {
  for (let below = place, folder = path.dirname(place); folder !== below; folder = path.dirname(folder)) {
    if (places.has(folder)) return true
    below = folder
  }
  return false
}
