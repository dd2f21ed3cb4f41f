import type { ImageView } from '../core/disc-image'
import type { EntryTable } from '../core/entry-table'
import { readTreeinfo } from './treeinfo'
import { findSums, isListFolder, PathIndex, readFolderLists, strongest, type ExpectedSum } from './sums'

/**
 * As {@link findSums} for a table that was read from some folder of a view on: lists that lie above it, at the root most
 * of all, speak of its files too. Reads the folders on the way to it and the lists, nothing else.
 */
export async function findSumsIn(view: ImageView, table: EntryTable): Promise<Map<number, ExpectedSum>> {
  const sums = await findSums(table)
  const from = table.pathOf(0)
  if (from === '') return sums
  const paths = new PathIndex(table)
  for (const path of await foldersAbove(view, from)) {
    const folder = await view.readFolder(path)
    if (folder === null) continue
    for (const list of await readFolderLists(folder, paths)) strongest(sums, list)
    const treeinfo = path === '' ? await readTreeinfo(folder, table) : null
    if (treeinfo !== null) strongest(sums, treeinfo)
  }
  return sums
}

/** What the bytes of one file must give; null where nothing says so. @param path of a file that is in the view */
export async function findSumOf(view: ImageView, path: string): Promise<ExpectedSum | null> {
  const slash = path.lastIndexOf('/')
  const folder = await view.readFolder(path.slice(0, Math.max(0, slash)))
  if (folder === null) return null
  const sums = await findSumsIn(view, folder)
  for (const [index, sum] of sums) if (folder.pathOf(index) === path) return sum
  return null
}

/** The root, what distributions keep their lists in, and every folder around `from`. */
async function foldersAbove(view: ImageView, from: string): Promise<string[]> {
  const root = await view.readFolder('')
  const folders = new Set([''])
  for (let index = 1; index < (root?.length ?? 0); index++)
    if (root?.kindOf(index) === 'directory' && isListFolder(root.nameOf(index))) folders.add(root.pathOf(index))
  const names = from.split('/')
  for (let count = 1; count < names.length; count++) folders.add(names.slice(0, count).join('/'))
  return [...folders]
}
