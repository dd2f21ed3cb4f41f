import fs from 'node:fs'
import path from 'node:path'
import { namesIn, systemPath } from '../../sinks/system-path'

export interface Measured {
  bytesTotal: number
  /** What it takes on a disk, holes left out. */
  bytesOnDisk: number
  entriesTotal: number
  files: number
  directories: number
  symlinks: number
}

/** Counts what lies below some paths, links not followed. What cannot be looked at is told when its turn comes. */
export function measure(paths: readonly string[]): Measured {
  const total: Measured = { bytesTotal: 0, bytesOnDisk: 0, entriesTotal: 0, files: 0, directories: 0, symlinks: 0 }
  // A folder that is mounted inside itself would never end.
  const seen = new Set<string>()
  const waiting = [...paths]
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    const stat = look(item)
    if (!stat) continue
    const key = `${stat.dev}:${stat.ino}`
    if (stat.isDirectory() || stat.nlink > 1) {
      if (seen.has(key)) continue
      seen.add(key)
    }
    total.entriesTotal++
    if (stat.isDirectory()) {
      total.directories++
      for (const name of listed(item)) waiting.push(path.join(item, name))
    } else if (stat.isSymbolicLink()) total.symlinks++
    else {
      total.files++
      total.bytesTotal += stat.size
      // Systems that do not count blocks say 0.
      total.bytesOnDisk += stat.blocks > 0 ? Math.min(stat.size, stat.blocks * 512) : stat.size
    }
  }
  return total
}

function look(item: string): fs.Stats | null {
  try {
    return fs.lstatSync(systemPath(item))
  } catch {
    return null
  }
}

function listed(folder: string): string[] {
  try {
    return namesIn(folder)
  } catch {
    return []
  }
}
