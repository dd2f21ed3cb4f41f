import type { EntryTable } from '../core/entry-table'
import { readEntryText } from './entry-text'
import type { PathIndex } from './path-index'
import type { SumAlgorithm, SumList } from './sum-lines'

/** `.treeinfo` is a page of text. */
const TREEINFO_LIMIT = 1 << 20

/**
 * The sums in the `.treeinfo` of a root, as Fedora, Red Hat and relatives have it; null where there is none.
 * @param root a table whose first entry is the root
 * @param paths of the entries that it speaks of
 */
export async function readTreeinfo(root: EntryTable, paths: PathIndex): Promise<SumList | null> {
  const treeinfo = childCalled(root, /^\.?treeinfo$/i)
  if (root.pathOf(0) !== '' || treeinfo === null || root.byteLengthOf(treeinfo) > TREEINFO_LIMIT) return null
  const lines = parseTreeinfo(await readEntryText(root, treeinfo)).map((line) => ({
    ...line,
    entry: paths.find(line.path),
  }))
  return { path: root.pathOf(treeinfo), lines, notUnderstood: { count: 0, first: '' } }
}

/** The `[checksums]` of a `.treeinfo`: `path = sha256:hex`. */
export function parseTreeinfo(text: string): { path: string; algorithm: SumAlgorithm; hex: string }[] {
  const sums: { path: string; algorithm: SumAlgorithm; hex: string }[] = []
  let section = ''
  for (const line of text.split(/\r?\n/)) {
    section = /^\[(.+)\]\s*$/.exec(line)?.[1] ?? section
    const match = /^(\S.*?)\s*=\s*(md5|sha1|sha224|sha256|sha384|sha512):([0-9a-f]+)\s*$/i.exec(line)
    const [, path, algorithm, hex] = match ?? []
    if (section !== 'checksums' || path === undefined || algorithm === undefined || hex === undefined) continue
    sums.push({ path, algorithm: algorithm.toLowerCase() as SumAlgorithm, hex: hex.toLowerCase() })
  }
  return sums
}

function childCalled(table: EntryTable, name: RegExp): number | null {
  const first = table.firstChildOf(0)
  for (let i = first; i < first + table.childCountOf(0); i++)
    if (table.kindOf(i) === 'file' && name.test(table.nameOf(i))) return i
  return null
}
