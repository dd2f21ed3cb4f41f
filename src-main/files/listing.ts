import type fs from 'node:fs'
import fsPromises from 'node:fs/promises'
import path from 'node:path'
import { because, explainReadError, looksLikeImage, type Details, type EntryKind } from '../../src-shared/model'
import { nameOfBytes, needsBytes, systemPath } from '../sinks/system-path'

/** One line of a folder of this computer. */
export interface FolderItem {
  name: string
  path: string
  kind: EntryKind
  byteLength: number
  modified: number | null
  mode: number | null
  target: string | null
  hidden: boolean
  looksLikeImage: boolean
  /** The path of the folder around it, where what lies in several is listed together. */
  folder?: string
}

/** A folder or file of this computer that could not be listed or read. */
export class FileAccessError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details?: Details,
  ) {
    super(message)
    this.name = 'FileAccessError'
  }
}

export { isThere as pathIsThere } from '../sinks/made-folders'

/** How many `lstat`s are under way at once; more only queue up in the thread pool. */
const STAT_BATCH = 64

/**
 * Everything in a folder, unsorted. What vanishes while being looked at is left out.
 * @throws {FileAccessError} `NO_SUCH_FILE`, `NOT_A_FOLDER`, `SOURCE_FORBIDDEN` …
 */
export async function listFolder(folderPath: string): Promise<FolderItem[]> {
  let names: string[]
  try {
    names = await namesOf(folderPath)
  } catch (error) {
    throw explain(error, folderPath)
  }
  const items: FolderItem[] = []
  for (let at = 0; at < names.length; at += STAT_BATCH) {
    const batch = names.slice(at, at + STAT_BATCH).map((name) => describeOrNull(folderPath, name))
    for (const item of await Promise.all(batch)) if (item) items.push(item)
  }
  return items
}

async function namesOf(folder: string): Promise<string[]> {
  const names = await fsPromises.readdir(systemPath(folder), 'utf8')
  return needsBytes(names) ? (await fsPromises.readdir(systemPath(folder), 'buffer')).map(nameOfBytes) : names
}

/** More than anybody would read; the rest is left out, and said to be. */
const BELOW_AT_MOST = 200_000

/**
 * Everything below a folder, however deep, unsorted. Links are not followed, and folders that may not be read are as
 * empty ones.
 * @throws {FileAccessError} where the folder itself cannot be read; the signal's reason when it is aborted
 */
export async function listBelow(
  folderPath: string,
  withHidden: boolean,
  signal?: AbortSignal,
): Promise<{ items: FolderItem[]; isCut: boolean }> {
  const items: FolderItem[] = []
  const waiting = [folderPath]
  for (let at = 0; at < waiting.length; at++) {
    signal?.throwIfAborted()
    const folder = waiting[at] ?? folderPath
    const listed = await listFolder(folder).catch((error: unknown) => {
      if (at === 0) throw error
      return []
    })
    for (const item of listed) {
      if (item.hidden && !withHidden) continue
      if (items.length >= BELOW_AT_MOST) return { items, isCut: true }
      items.push({ ...item, folder })
      if (item.kind === 'directory' && item.target === null) waiting.push(item.path)
    }
  }
  return { items, isCut: false }
}

/** @throws {FileAccessError} where nothing is there */
export async function describePath(filePath: string): Promise<FolderItem> {
  const absolute = path.resolve(filePath)
  try {
    return await describe(absolute, path.basename(absolute) || absolute)
  } catch (error) {
    throw explain(error, filePath)
  }
}

async function describeOrNull(folderPath: string, name: string): Promise<FolderItem | null> {
  try {
    return await describe(path.join(folderPath, name), name)
  } catch {
    return null
  }
}

async function describe(itemPath: string, name: string): Promise<FolderItem> {
  const own = await fsPromises.lstat(systemPath(itemPath))
  // A link to a folder is entered like one; a broken one is shown as a link.
  const target = own.isSymbolicLink() ? nameOfBytes(await fsPromises.readlink(systemPath(itemPath), 'buffer')) : null
  const stat = target === null ? own : await fsPromises.stat(systemPath(itemPath)).catch(() => own)
  const kind = kindOf(stat)
  return {
    name,
    path: itemPath,
    kind,
    byteLength: stat.isFile() ? stat.size : 0,
    modified: stat.mtimeMs,
    mode: stat.mode & 0o7777,
    target,
    hidden: name.startsWith('.'),
    looksLikeImage: (kind === 'file' || kind === 'device') && looksLikeImage(name),
  }
}

function kindOf(stat: fs.Stats): EntryKind {
  if (stat.isDirectory()) return 'directory'
  if (stat.isSymbolicLink()) return 'symlink'
  if (stat.isBlockDevice() || stat.isCharacterDevice()) return 'device'
  if (stat.isFIFO()) return 'fifo'
  if (stat.isSocket()) return 'socket'
  return 'file'
}

function explain(error: unknown, filePath: string): FileAccessError {
  const code = (error as { code?: string }).code
  if (code === 'ENOTDIR')
    return new FileAccessError(
      'NOT_A_FOLDER',
      `${filePath} is not a folder.`,
      because('notAFolder', { name: filePath }),
    )
  if (code === 'ENOENT')
    return new FileAccessError(
      'NO_SUCH_FILE',
      `“${filePath}” no longer exists. It was moved or removed, or its disk was disconnected.`,
      because('fileGone', { name: filePath }),
    )
  if (code === 'EACCES' || code === 'EPERM')
    return new FileAccessError(
      'SOURCE_FORBIDDEN',
      `You may not look into ${filePath}. Ask its owner for permission.`,
      because('mayNotLookInto', { name: filePath }),
    )
  const meaning = explainReadError(error, filePath)
  return new FileAccessError(meaning.code, meaning.message, meaning.details)
}
