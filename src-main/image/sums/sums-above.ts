import type { Entry } from '../../../src-shared/model'
import type { ImageView } from '../core/disc-image'
import type { EntryTable } from '../core/entry-table'
import { LIST_LIMIT } from './list-files'
import { isSumListName } from './list-names'
import { LINK_LIMIT, PathIndex, resolvedPath } from './path-index'
import {
  dropWrittenWhenMade,
  findSums,
  isListFolder,
  isOwnList,
  readFolderLists,
  readList,
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
    for (const list of await listsOf(view, folder, paths, isExpected))
      if (await isOwn(view, list, isExpected)) strongest(sums, list)
    const treeinfo = folder.pathOf(0) === '' ? await readTreeinfo(folder, paths) : null
    if (treeinfo !== null) strongest(sums, treeinfo)
  }
  await dropWrittenWhenMade(table, sums)
  return sums
}

/** The lists in a folder, with those that are links to files in others. */
async function listsOf(view: ImageView, folder: EntryTable, paths: PathIndex, isExpected: boolean): Promise<SumList[]> {
  const lists = await readFolderLists(folder, paths, isExpected)
  for (let index = 1; index < folder.length; index++) {
    const path = folder.pathOf(index)
    if (folder.kindOf(index) !== 'symlink' || !isSumListName(folder.nameOf(index))) continue
    if (lists.some((list) => list.path === path)) continue
    const target = await followed(view, path)
    const slash = target?.lastIndexOf('/') ?? -1
    const table = target === null ? null : await view.readFolder(target.slice(0, Math.max(0, slash)))
    if (table === null) continue
    for (let file = 1; file < table.length; file++) {
      if (table.pathOf(file) !== target || table.byteLengthOf(file) > LIST_LIMIT) continue
      const list = await readList({ index, path, file, table, isNamedSo: true, isExpected }, paths)
      if (list !== null) lists.push(list)
    }
  }
  return lists
}

/** The path of the file that a link leads to; null where it leads to none. */
async function followed(view: ImageView, path: string): Promise<string | null> {
  let at: string | null = path
  for (let links = 0; links < LINK_LIMIT && at !== null; links++) {
    const entry: Entry | undefined = (await view.lookup(at))?.entry
    if (entry?.kind === 'file') return at
    const target = entry?.target ?? null
    if (target === null) return null
    const folder = target.startsWith('/') ? [] : at.split('/').slice(0, -1)
    at = resolvedPath([...folder, ...target.split('/')])
  }
  return null
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
  const name = list.path.slice(list.path.lastIndexOf('/') + 1)
  if ((isExpected && isSumListName(name)) || list.lines.every(({ entry }) => entry === null)) return true
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
