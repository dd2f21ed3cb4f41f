import { listFolder } from './listing'

export interface FoundFile {
  path: string
  byteLength: number
  /** Milliseconds since 1970. */
  modified: number
}

export interface FoundImages {
  /** False where the folder is not there, or may not be read. */
  isOnline: boolean
  files: FoundFile[]
  /** The folder itself and those below it. */
  folders: string[]
}

const DEPTH_LIMIT = 8
const FOLDER_LIMIT = 5000

/** Tracks and parts of sets that a sheet or a first part beside them stands for. */
const PART = /\.(?:bin|mdf|img)$/i
const SHEET = /\.(?:cue|ccd|mds)$/i
const LATER_PART = /\.(?:\d{2}[2-9]|\d[1-9]\d|iso\.[2-9]|iso\.0?0?[2-9])$/i

/** The image files in a folder and below it, judged by their names. Links are not followed: they may lead in circles. */
export async function findImageFiles(folder: string): Promise<FoundImages> {
  const found: FoundImages = { isOnline: true, files: [], folders: [] }
  const waiting = [{ path: folder, depth: 0 }]
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const items = await listFolder(next.path).catch(() => null)
    if (!items) {
      if (next.depth === 0) found.isOnline = false
      continue
    }
    found.folders.push(next.path)
    const sheets = new Set(items.filter(({ name }) => SHEET.test(name)).map(({ name }) => stem(name)))
    for (const item of items) {
      if (item.target !== null) continue
      if (item.kind === 'directory' && next.depth < DEPTH_LIMIT && found.folders.length < FOLDER_LIMIT)
        waiting.push({ path: item.path, depth: next.depth + 1 })
      if (item.kind !== 'file' || !item.looksLikeImage || LATER_PART.test(item.name)) continue
      if (PART.test(item.name) && sheets.has(stem(item.name))) continue
      found.files.push({ path: item.path, byteLength: item.byteLength, modified: item.modified ?? 0 })
    }
  }
  return found
}

function stem(name: string): string {
  return name.slice(0, name.lastIndexOf('.')).toLowerCase()
}
