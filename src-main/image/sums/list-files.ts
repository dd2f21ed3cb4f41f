import type { EntryTable } from '../core/entry-table'
import { isSumListName, mayBeSumList } from './list-names'
import type { PathIndex } from './path-index'

/** Where distributions keep lists besides the root: beside the live system. */
const LIST_FOLDERS = /^(?:casper|live)$/i
/** Lists that are read: a tree of packages has one in each of thousands. */
const LISTS_LIMIT = 256
/** A list of a million files; a longer one is not read. What is a list by its lines alone is far shorter. */
export const LIST_LIMIT = 128 << 20
const UNNAMED_LIMIT = 16 << 20

/** A file that is a list of sums, or may be one. */
export interface ListFile {
  /** The entry that has the name of a list: the file, or a link to it. */
  index: number
  path: string
  /** The entry that holds the bytes, and the table that it is in. */
  file: number
  table: EntryTable
  /** Its name says that it is one; else only its lines tell. */
  isNamedSo: boolean
  /** It lies where distributions put theirs. */
  isExpected: boolean
}

/** Whether a folder of the root is one that distributions keep lists of the whole image in. */
export function isListFolder(name: string): boolean {
  return LIST_FOLDERS.test(name)
}

/**
 * The files of a table that are lists of sums by their names, or by those of links to them; where distributions put theirs,
 * those too that may be.
 * @param paths of the table
 * @param isExpected the table begins where distributions put theirs
 */
export function listFiles(table: EntryTable, paths: PathIndex, isExpected: boolean): ListFile[] {
  const found = new Map<number, ListFile>()
  const links: ListFile[] = []
  for (let index = 1; index < table.length && found.size < LISTS_LIMIT; index++) {
    const kind = table.kindOf(index)
    if (kind !== 'file' && kind !== 'symlink') continue
    const isHere = isExpected && isInListFolder(table, index)
    const isNamedSo = isSumListName(table.nameOf(index))
    if (!isNamedSo && !(isHere && mayBeSumList(table.nameOf(index)))) continue
    const path = table.pathOf(index)
    const file = kind === 'file' ? index : (paths.find(path) ?? -1)
    if (file < 0 || table.byteLengthOf(file) > (isNamedSo ? LIST_LIMIT : UNNAMED_LIMIT)) continue
    const list = { index, path, file, table, isNamedSo, isExpected: isHere }
    if (kind === 'file') found.set(index, list)
    else links.push(list)
  }
  // What is a list without the link is that, but where the link alone lies in the right place.
  for (const link of links)
    if (!found.has(link.file) || (link.isExpected && found.get(link.file)?.isExpected !== true))
      found.set(link.file, link)
  return [...found.values()]
}

function isInListFolder(table: EntryTable, index: number): boolean {
  const folder = table.parentOf(index)
  return (
    folder === 0 || (table.parentOf(folder) === 0 && table.pathOf(0) === '' && LIST_FOLDERS.test(table.nameOf(folder)))
  )
}
