import { because, imageKindOf, type Said } from '../../../src-shared/model'
import type { EntryTable } from '../core/entry-table'
import { charsetOf, readEntryBytes, readEntryText, textOf } from './entry-text'
import { isListFolder, listFiles, type ListFile } from './list-files'
import { isListOfMany, mayHoldNone, mayOnlyMention } from './list-names'
import { HEX_LENGTH, parseSums, type SumAlgorithm, type SumLine, type SumList } from './sum-lines'
import { isWrittenWhenMade } from './written-when-made'
import { PathIndex } from './path-index'
import { readTreeinfo } from './treeinfo'

export { isListFolder, readEntryText }
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

/** Boot catalogs and boot images by their usual names, what they measure, and how many are looked at. */
const MAY_BE_WRITTEN = /\.(?:cat|catalog|bin|img)$|^[a-z]*boot/i
const WRITTEN_AT_MOST = 4 << 20
const WRITTEN_LOOKS = 64

/** The lists of sums in a view. Reads only the lists themselves. @param paths of the table */
export async function readSumLists(table: EntryTable, paths = new PathIndex(table)): Promise<SumList[]> {
  const found: SumList[] = []
  for (const file of listFiles(table, paths, table.pathOf(0) === '')) {
    const list = await readList(file, paths)
    if (list === null) continue
    const { isExpected, isNamedSo } = file
    const named = list.lines.filter(({ entry }) => entry !== null).length
    if (isOwnList(named, list.lines.length, isExpected && (isNamedSo || list.lines.length === 0))) found.push(list)
    // One that speaks of the whole image, and of nothing in it: its files may be lost. What goes with images to download
    // names those.
    else if (
      isExpected &&
      isListOfMany(table.nameOf(file.index)) &&
      list.lines.some((line) => imageKindOf(line.path) === null)
    )
      found.push({ ...list, lines: [], strangers: list.lines.length })
  }
  return found
}

/**
 * Whether a list speaks of the image that it lies in. Deeper in the tree it may be of another disc, or of what is to be
 * fetched: half of its names must be there. At the root a single one will do, since files may have been lost.
 * @param named names in it that the image has, of `count` in all; a list without any is one that says nothing
 */
export function isOwnList(named: number, count: number, isExpectedThere: boolean): boolean {
  if (count === 0) return isExpectedThere
  return isExpectedThere ? named > 0 : named * 2 >= count
}

/**
 * The lists of sums that lie in one folder, with what they say of the entries of a table.
 * @param folder the children of the folder alone
 * @param paths of the table, which is gone through when the first list has a line
 * @param isExpected the folder is one where distributions put theirs
 */
export async function readFolderLists(folder: EntryTable, paths: PathIndex, isExpected: boolean): Promise<SumList[]> {
  const found: SumList[] = []
  for (const file of listFiles(folder, new PathIndex(folder), isExpected)) {
    const list = await readList(file, paths)
    if (list !== null) found.push(list)
  }
  return found
}

/**
 * What a file says of the entries of a table. Null where it is empty or a manifest of another kind and holds nothing that
 * looks like a sum, or where it is of sets that are to be fetched.
 */
export async function readList({ path, isNamedSo, table, file }: ListFile, paths: PathIndex): Promise<SumList | null> {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (table.byteLengthOf(file) === 0) return null
  const bytes = await readEntryBytes(table, file)
  const parsed = parseSums(textOf(bytes), name)
  if (parsed.lines.length === 0 && parsed.notUnderstood.count === 0 && (mayHoldNone(name) || !isNamedSo)) return null
  if (parsed.lines.length === 0 && mayOnlyMention(name)) return null
  const heldIn = table.pathOf(file)
  const foreign = foreignLines(parsed.lines, bytes, name)
  const written = parsed.lines.map((line) => line.path)
  const isFoundFrom = (folder: string): boolean => written.some((line) => findListed(line, folder, paths) !== null)
  const bases = [folderOf(path), folderOf(heldIn)]
  const base = bases.find(isFoundFrom) ?? folderOf(path)
  const placed = isFoundFrom(base) ? written : withoutMountPoint(written, paths)
  const entries = placed.map((line, number) => {
    if (parsed.lines[number]?.isSet === true) return paths.find(base + line)
    const own = foreign[number]?.path
    return (own === undefined ? null : paths.findBytes(own, base)) ?? findListed(line, base, paths)
  })
  const exact = new Set(entries)
  const lines = parsed.lines.map((line, at) => {
    const folded = entries[at] ?? paths.findInAnyCase(base + (placed[at] ?? ''))
    // Of two names that differ in case alone, one may be missing: the other is not both.
    const entry = entries[at] === null && exact.has(folded) ? null : folded
    return { ...line, path: entry === null ? line.path : paths.table.pathOf(entry), entry }
  })
  // `md5sum * > md5sum.txt` gives the list a line of its own, of the bytes that it had before: no list can hold its own sum.
  // Nor is a set of FreeBSD's lost that is not there: most discs have only some of those that there are.
  const others = lines.filter(({ entry, isSet }) =>
    entry === null ? isSet !== true : paths.table.pathOf(entry) !== heldIn,
  )
  if (others.length === 0 && parsed.notUnderstood.count === 0 && lines.some(({ isSet }) => isSet === true)) return null
  return { path, ...(heldIn === path ? {} : { heldIn }), lines: others, notUnderstood: parsed.notUnderstood }
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}

/** A file as a list names it: from the root, from the list's folder, or behind its size (`<sum> 1234 name`). */
function findListed(written: string, base: string, paths: PathIndex): number | null {
  const found = paths.find(written) ?? paths.find(base + written)
  if (found !== null) return found
  const [, sized] = /^ *\d+ +(\S.*)$/.exec(written) ?? []
  return sized === undefined ? null : (paths.find(sized) ?? paths.find(base + sized))
}

/**
 * Paths of a list without what they all begin with, where the disc was mounted when the list was made (`/cdrom/`, `D:\`).
 * As they are where nothing is found by that either.
 */
function withoutMountPoint(written: readonly string[], paths: PathIndex): readonly string[] {
  const split = written.map((path) => path.replaceAll('\\', '/').split('/'))
  const head = split[0] ?? []
  for (let depth = 1; depth < head.length; depth++) {
    if (split.some((names) => names.length <= depth || names[depth - 1] !== head[depth - 1])) break
    const rest = split.map((names) => names.slice(depth).join('/'))
    if (rest.some((path) => paths.find(path) !== null)) return rest
  }
  return written
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
  const recorded = await table.recordedSums()
  for (const [entry, hex] of recorded.sums) sums.set(entry, { algorithm: recorded.algorithm, hex, from: null })
  const paths = new PathIndex(table)
  for (const list of await readSumLists(table, paths)) strongest(sums, list)
  const treeinfo = await readTreeinfo(table, paths)
  if (treeinfo !== null) strongest(sums, treeinfo)
  await dropWrittenWhenMade(table, sums)
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

/**
 * Lists are often made before the image is, which then writes into some of the files: of those they say nothing.
 * Looks at no more than a few short files.
 */
export async function dropWrittenWhenMade(table: EntryTable, sums: Map<number, ExpectedSum>): Promise<void> {
  let looks = 0
  for (const [index, { from }] of sums) {
    if (from === null || !MAY_BE_WRITTEN.test(table.nameOf(index))) continue
    if (table.byteLengthOf(index) > WRITTEN_AT_MOST || ++looks > WRITTEN_LOOKS) continue
    if ((await isWrittenWhenMade(table, index)) !== null) sums.delete(index)
  }
}

/** “Its bytes do not give the md5 sum that “MD5SUMS” on the image says.” */
export function sumMismatchSaid({ algorithm, from, isCatalogued }: ExpectedSum): Said {
  if (isCatalogued === true) {
    const before = 'they gave when the image was hashed: it has changed since, or is read wrongly'
    return {
      message: `Its bytes do not give the ${algorithm} sum that ${before}.`,
      details: because('sumKnownDiffers', { algorithm }),
    }
  }
  if (from === null)
    return {
      message: `Its bytes do not give the ${algorithm} sum that the image records for it.`,
      details: because('sumRecordedDiffers', { algorithm }),
    }
  return {
    message: `Its bytes do not give the ${algorithm} sum that “${from}” on the image says.`,
    details: because('sumListedDiffers', { algorithm, list: from }),
  }
}
