import fs from 'node:fs/promises'
import path from 'node:path'
import { nameOfBytes, systemPath } from '../sinks/system-path'

export interface FolderSize {
  byteLength: number
  fileCount: number
  /** Folders and files that could not be looked at. */
  unreadable: number
}

/** Looked at side by side: enough to keep a disk busy, few enough to leave it to others. */
const AT_ONCE = 16

/**
 * Adds up everything below a folder of this computer, in bytes of content. Links are counted as files and not followed.
 * @throws the signal's reason when it is aborted
 */
export async function measureFolder(folder: string, signal: AbortSignal): Promise<FolderSize> {
  const size: FolderSize = { byteLength: 0, fileCount: 0, unreadable: 0 }
  const waiting = [folder]
  while (waiting.length > 0) {
    signal.throwIfAborted()
    const now = waiting.splice(-AT_ONCE)
    const found = await Promise.all(now.map((one) => lookInto(one, size)))
    for (const folders of found) for (const one of folders) waiting.push(one)
  }
  return size
}

/** @returns the folders in it */
async function lookInto(folder: string, size: FolderSize): Promise<string[]> {
  const folders: string[] = []
  try {
    // As bytes: a name that is no UTF-8 is found by nothing else. Node's types know of texts alone here.
    const encoding = 'buffer' as BufferEncoding
    for await (const item of await fs.opendir(systemPath(folder), { encoding })) {
      const itemPath = path.join(folder, nameOfBytes(item.name as unknown as Uint8Array))
      if (item.isDirectory()) folders.push(itemPath)
      else await addFile(itemPath, size)
    }
  } catch {
    size.unreadable++
  }
  return folders
}

async function addFile(file: string, size: FolderSize): Promise<void> {
  try {
    size.byteLength += (await fs.lstat(systemPath(file))).size
    size.fileCount++
  } catch {
    size.unreadable++
  }
}
