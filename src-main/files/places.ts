import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { readPlainFile } from './plain-file'

export interface Place {
  id: string
  kind: 'home' | 'desktop' | 'downloads' | 'documents' | 'drive' | 'root'
  label: string
  path: string
}

/** Folders that people start from, those that are there. Labels are the folders' own names; kinds are for translation. */
export function listPlaces(): Place[] {
  const home = os.homedir()
  const named = xdgFolders(home)
  const places: Place[] = [{ id: 'home', kind: 'home', label: path.basename(home) || home, path: home }]
  for (const kind of ['desktop', 'downloads', 'documents'] as const) {
    const folder = named[kind]
    if (folder !== home && isFolder(folder)) places.push({ id: kind, kind, label: path.basename(folder), path: folder })
  }
  return [...places, ...drives()]
}

/** Bytes that an ordinary user may still write there; null where the system does not say. */
export async function freeBytes(folder: string): Promise<number | null> {
  try {
    const stats = await fs.promises.statfs(folder)
    return stats.bavail * stats.bsize
  } catch {
    return null
  }
}

type Named = Record<'desktop' | 'downloads' | 'documents', string>

/** Of `user-dirs.dirs`; in bytes. */
const DIRS_LIMIT = 1 << 20

/** Linux desktops translate these folders' names and note them in user-dirs.dirs. */
function xdgFolders(home: string): Named {
  const folders: Named = {
    desktop: path.join(home, 'Desktop'),
    downloads: path.join(home, 'Downloads'),
    documents: path.join(home, 'Documents'),
  }
  if (process.platform !== 'linux') return folders
  const config = process.env.XDG_CONFIG_HOME ?? path.join(home, '.config')
  let text: string
  try {
    text = readPlainFile(path.join(config, 'user-dirs.dirs'), DIRS_LIMIT).toString('utf8')
  } catch {
    return folders
  }
  const keys = { XDG_DESKTOP_DIR: 'desktop', XDG_DOWNLOAD_DIR: 'downloads', XDG_DOCUMENTS_DIR: 'documents' } as const
  for (const [key, kind] of Object.entries(keys)) {
    const value = new RegExp(`^${key}="(.*)"`, 'm').exec(text)?.[1]
    if (value !== undefined) folders[kind] = value.replace('$HOME', home)
  }
  return folders
}

function drives(): Place[] {
  if (process.platform === 'win32')
    return Array.from({ length: 26 }, (_, i) => `${String.fromCharCode(65 + i)}:\\`)
      .filter((root) => fs.existsSync(root))
      .map((root) => ({ id: `drive:${root}`, kind: 'drive', label: root, path: root }))
  const root: Place = { id: 'root', kind: 'root', label: '/', path: '/' }
  if (process.platform === 'darwin') return [root, ...below('/Volumes')]
  const user = os.userInfo().username
  return [root, ...below(`/media/${user}`), ...below(`/run/media/${user}`)]
}

function below(folder: string): Place[] {
  try {
    return fs
      .readdirSync(folder, { withFileTypes: true })
      .filter((item) => item.isDirectory())
      .map((item) => ({
        id: `drive:${item.name}`,
        kind: 'drive',
        label: item.name,
        path: path.join(folder, item.name),
      }))
  } catch {
    return []
  }
}

function isFolder(folder: string): boolean {
  return fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true
}
