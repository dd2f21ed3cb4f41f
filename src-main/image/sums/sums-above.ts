import type { ImageView } from '../core/disc-image'
import type { EntryTable } from '../core/entry-table'
import { PathIndex } from './path-index'
import {
  dropWrittenWhenMade,
  findSums,
  isListFolder,
  isOwnList,
  readFolderLists,
  strongest,
  type ExpectedSum,
  type SumList,
} from './sums'
import { readTreeinfo } from './treeinfo'

/** Names of a list that are looked for, to tell whether it speaks of this image. */
const NAMES_LOOKED_FOR = 16

/**
 * As {@link findSums} for a table that was read from some folder of a view on: lists that lie above it, at the root most
 * of all, speak of its files too. Reads the folders on the way to it and the lists, nothing else.
 */
export async function findSumsIn(view: ImageView, table: EntryTable): Promise<Map<number, ExpectedSum>> {
  const sums = await findSums(table)
  const from = table.pathOf(0)
  if (from === '') return sums
  const paths = new PathIndex(table)
  for await (const { folder, isExpected } of foldersAbove(view, from)) {
    for (const list of await readFolderLists(folder, paths))
      if (await isOwn(view, list, isExpected)) strongest(sums, list)
    const treeinfo = folder.pathOf(0) === '' ? await readTreeinfo(folder, paths) : null
    if (treeinfo !== null) strongest(sums, treeinfo)
  }
  await dropWrittenWhenMade(table, sums)
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

/** The root, what distributions keep their lists in, and every folder around `from`, each once. */
async function* foldersAbove(
  view: ImageView,
  from: string,
): AsyncGenerator<{ folder: EntryTable; isExpected: boolean }> {
  const root = await view.readFolder('')
  if (root === null) return
  yield { folder: root, isExpected: true }
  const expected = new Set<string>()
  for (let index = 1; index < root.length; index++)
    if (root.kindOf(index) === 'directory' && isListFolder(root.nameOf(index))) expected.add(root.pathOf(index))
  const paths = new Set(expected)
  const names = from.split('/')
  for (let count = 1; count < names.length; count++) paths.add(names.slice(0, count).join('/'))
  // What lies in the table itself has been read with it.
  paths.delete(from)
  for (const path of paths) {
    const folder = await view.readFolder(path)
    if (folder !== null) yield { folder, isExpected: expected.has(path) }
  }
}

/** The image has names that the table has not: some of them are looked for. */
async function isOwn(view: ImageView, list: SumList, isExpected: boolean): Promise<boolean> {
  if (isExpected || list.lines.every(({ entry }) => entry === null)) return true
  const base = list.path.slice(0, list.path.lastIndexOf('/') + 1)
  const step = Math.max(1, Math.floor(list.lines.length / NAMES_LOOKED_FOR))
  let [named, looked] = [0, 0]
  for (let at = 0; at < list.lines.length; at += step) {
    const { entry, path } = list.lines[at] ?? { entry: null, path: '' }
    looked++
    if (entry !== null || (await isThere(view, base + path)) || (await isThere(view, path))) named++
  }
  return isOwnList(named, looked, false)
}

async function isThere(view: ImageView, path: string): Promise<boolean> {
  const clean = path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .join('/')
  return clean !== '' && (await view.lookup(clean)) !== null
}
