import type { EntryTable } from '../core/entry-table'
import { charsetOf, readEntryBytes, readEntryText, textOf } from './entry-text'
import {
  HEX_LENGTH,
  isSumListName,
  mayHoldNone,
  parseSums,
  type SumAlgorithm,
  type SumLine,
  type SumList,
} from './sum-lines'
import { readTreeinfo } from './treeinfo'

export { readEntryText }
export type { SumAlgorithm, SumList }

/** What an entry's bytes must give, by the word of a file in the image. */
export interface ExpectedSum {
  algorithm: SumAlgorithm
  /** Lower-case hexadecimal. */
  hex: string
  /** The path of the file that says so; null where the image's writer kept it with the directory. */
  from: string | null
  /** Nobody but the catalog says so: it is what the same image gave before. */
  isCatalogued?: boolean
}

/** Where distributions keep lists besides the root: beside the live system. */
const LIST_FOLDERS = /^(?:casper|live)$/i
/** Lists that are read: a tree of packages has one in each of thousands. */
const LISTS_LIMIT = 256
/** A list of a million files; a longer one is not read. */
const LIST_LIMIT = 128 << 20
/** Links that lead to links; as many as Linux follows. */
const LINK_LIMIT = 40

/** The lists of sums in a view. Reads only the lists themselves. */
export async function readSumLists(table: EntryTable): Promise<SumList[]> {
  const lists = listFiles(table)
  if (lists.length === 0) return []
  const paths = new PathIndex(table)
  const found: SumList[] = []
  for (const index of lists) {
    const list = await readList(table, index, paths)
    if (list === null) continue
    // Deeper in the tree a list may be of another disc, or of what is to be fetched.
    const named = list.lines.filter(({ entry }) => entry !== null).length
    const isOwn = isExpected(table, index) || (list.lines.length > 0 && named * 2 >= list.lines.length)
    if (isOwn) found.push(list)
  }
  return found
}

/**
 * The lists of sums that lie in one folder, with what they say of the entries of a table.
 * @param folder the children of the folder alone
 * @param paths of the table, which is gone through when the first list has a line
 */
export async function readFolderLists(folder: EntryTable, paths: PathIndex): Promise<SumList[]> {
  const found: SumList[] = []
  for (const index of listFiles(folder)) {
    const list = await readList(folder, index, paths)
    if (list !== null) found.push(list)
  }
  return found
}

/** Null where the file is a manifest of another kind, and holds nothing that looks like a sum. */
async function readList(table: EntryTable, index: number, paths: PathIndex): Promise<SumList | null> {
  const path = table.pathOf(index)
  const name = table.nameOf(index)
  const bytes = await readEntryBytes(table, index)
  const parsed = parseSums(textOf(bytes), name)
  if (parsed.lines.length === 0 && parsed.notUnderstood.count === 0 && mayHoldNone(name)) return null
  const base = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : ''
  const foreign = foreignLines(parsed.lines, bytes, name)
  const lines = parsed.lines.map((line, number) => {
    const own = foreign[number]?.path
    const entry =
      (own === undefined ? null : paths.findBytes(own, base)) ??
      paths.find(line.path) ??
      paths.find(base + line.path) ??
      paths.findInAnyCase(base + line.path)
    return { ...line, path: entry === null ? cleaned(line.path) : paths.table.pathOf(entry), entry }
  })
  return { path, lines, notUnderstood: parsed.notUnderstood }
}

/** The same lines with a character for each byte of their names, where those are not all in UTF-8; none otherwise. */
function foreignLines(lines: readonly SumLine[], bytes: Buffer, listName: string): readonly SumLine[] {
  if (charsetOf(bytes) !== 'utf-8' || !lines.some(({ path }) => path.includes('\ufffd'))) return []
  const read = parseSums(bytes.toString('latin1'), listName).lines
  return read.length === lines.length ? read : []
}

/** The sums that the image carries for entries of this table, by entry number. The strongest wins where there are several. */
export async function findSums(table: EntryTable): Promise<Map<number, ExpectedSum>> {
  const sums = new Map<number, ExpectedSum>()
  for (const [entry, hex] of (await table.recordedSums()).sums) sums.set(entry, { algorithm: 'md5', hex, from: null })
  for (const list of await readSumLists(table)) strongest(sums, list)
  const treeinfo = await readTreeinfo(table)
  if (treeinfo !== null) strongest(sums, treeinfo)
  return sums
}

/** Takes what a list says where nothing stronger is known. */
export function strongest(sums: Map<number, ExpectedSum>, { path, lines }: SumList): void {
  for (const { entry, algorithm, hex } of lines) {
    if (entry === null) continue
    const known = sums.get(entry)
    if (known === undefined || HEX_LENGTH[known.algorithm] <= HEX_LENGTH[algorithm])
      sums.set(entry, { algorithm, hex, from: path })
  }
}

/** “Its bytes do not give the md5 sum that “MD5SUMS” on the image says.” */
export function sumMismatchSentence(sum: ExpectedSum): string {
  const witness = sum.from === null ? 'the image records for it' : `“${sum.from}” on the image says`
  const before = 'they gave when the image was hashed: it has changed since, or is read wrongly'
  return `Its bytes do not give the ${sum.algorithm} sum that ${sum.isCatalogued === true ? before : witness}.`
}

/** Whether a folder of the root is one that distributions keep lists of the whole image in. */
export function isListFolder(name: string): boolean {
  return LIST_FOLDERS.test(name)
}

function listFiles(table: EntryTable): number[] {
  const found: number[] = []
  for (let index = 1; index < table.length; index++) {
    if (table.kindOf(index) !== 'file' || table.byteLengthOf(index) > LIST_LIMIT) continue
    if (isSumListName(table.nameOf(index))) found.push(index)
    if (found.length === LISTS_LIMIT) break
  }
  return found
}

/** Whether a list lies where distributions put theirs. */
function isExpected(table: EntryTable, index: number): boolean {
  if (table.pathOf(0) !== '') return false
  const folder = table.parentOf(index)
  return folder === 0 || (table.parentOf(folder) === 0 && LIST_FOLDERS.test(table.nameOf(folder)))
}

/** The entries of a view by path, through the links in it, as programs that check sums find them. */
export class PathIndex {
  private known: Map<string, number> | null = null
  private byFolded: Map<string, number> | null = null
  private byBytes: Map<string, number> | null = null

  constructor(readonly table: EntryTable) {}

  private get byPath(): Map<string, number> {
    if (this.known === null) {
      this.known = new Map()
      for (let i = 1; i < this.table.length; i++) this.known.set(this.table.pathOf(i), i)
    }
    return this.known
  }

  /** The file that a path of a list means; null where there is none. */
  find(written: string): number | null {
    const found = this.follow(cleaned(written))
    // Lists made on Windows: a backslash that is in no name separates them.
    if (found !== null || !written.includes('\\')) return found
    return this.follow(cleaned(written.replaceAll('\\', '/')))
  }

  /**
   * The file whose path has these bytes, from the root or from a folder.
   * @param written a character for each byte
   */
  findBytes(written: string, base: string): number | null {
    this.byBytes ??= bytesIndex(this.table)
    const below = Buffer.from(base, 'utf8').toString('latin1')
    return this.byBytes.get(cleaned(written)) ?? this.byBytes.get(cleaned(below + written)) ?? null
  }

  /** As `find` where the system that wrote the list knows no case; null where several names differ in it alone. */
  findInAnyCase(written: string): number | null {
    this.byFolded ??= foldedIndex(this.table)
    const index = this.byFolded.get(cleaned(written.replaceAll('\\', '/')).toLowerCase())
    return index === undefined || index < 0 ? null : index
  }

  private follow(path: string): number | null {
    let wanted = path
    for (let links = 0; links <= LINK_LIMIT; links++) {
      const direct = this.byPath.get(wanted)
      if (direct !== undefined && this.table.kindOf(direct) === 'file') return direct
      const next = this.throughLink(wanted)
      if (next === null) return null
      wanted = next
    }
    return null
  }

  /** The path with its first link replaced by what it leads to; null where no link is on it. */
  private throughLink(path: string): string | null {
    const names = path.split('/')
    for (let count = 1; count <= names.length; count++) {
      const index = this.byPath.get(names.slice(0, count).join('/'))
      const target = index === undefined ? null : this.table.targetOf(index)
      if (target === null) continue
      const folder = target.startsWith('/') ? [] : names.slice(0, count - 1)
      return resolved([...folder, ...target.split('/'), ...names.slice(count)])
    }
    return null
  }
}

/** Files by their path in small letters; −1 where that is the path of several. */
function foldedIndex(table: EntryTable): Map<string, number> {
  const folded = new Map<string, number>()
  for (let index = 1; index < table.length; index++) {
    if (table.kindOf(index) !== 'file') continue
    const path = table.pathOf(index).toLowerCase()
    folded.set(path, folded.has(path) ? -1 : index)
  }
  return folded
}

function bytesIndex(table: EntryTable): Map<string, number> {
  const found = new Map<string, number>()
  for (let index = 1; index < table.length; index++)
    if (table.kindOf(index) === 'file') {
      const path = table.pathBytesOf(index) ?? Buffer.from(table.pathOf(index), 'utf8')
      found.set(Buffer.from(path).toString('latin1'), index)
    }
  return found
}

function resolved(names: readonly string[]): string | null {
  const out: string[] = []
  for (const name of names) {
    if (name === '' || name === '.') continue
    if (name !== '..') out.push(name)
    else if (out.pop() === undefined) return null
  }
  return out.join('/')
}

function cleaned(path: string): string {
  return path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .join('/')
}
