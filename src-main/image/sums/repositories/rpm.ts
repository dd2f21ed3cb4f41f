import type { EntryTable } from '../../core/entry-table'
import type { PathIndex } from '../path-index'
import { HEX_LENGTH, type SumAlgorithm, type SumLine, type SumList } from '../sum-lines'
import { filesAt, lineOf, listOf, textAt } from './list'

/** `repodata/repomd.xml` → list of packages → packages (createrepo_c). */
export async function readRpmRepositories(table: EntryTable, paths: PathIndex): Promise<SumList[]> {
  const lists: SumList[] = []
  for (const index of filesAt(table, /^repomd\.xml$/, /(?:^|\/)repodata\/repomd\.xml$/)) {
    const path = table.pathOf(index)
    const root = path.slice(0, -'repodata/repomd.xml'.length)
    const data = elementsOf(await textAt(table, index), 'data')
    const lines = data.flatMap(({ text }) => sumLine(text))
    const list = listOf(path, lines, root, paths)
    if (list.lines.length === 0) continue
    lists.push(list)
    const primary = data.find(({ attributes }) => /\btype\s*=\s*["']primary["']/.test(attributes))
    const primaryPath = primary === undefined ? undefined : sumLine(primary.text)[0]?.path
    const entry = primaryPath === undefined ? null : paths.find(root + primaryPath)
    if (entry === null) continue
    const packages = elementsOf(await textAt(table, entry), 'package').flatMap(({ text }) => sumLine(text))
    const found = listOf(table.pathOf(entry), packages, root, paths)
    if (found.lines.length > 0) lists.push(found)
  }
  return lists
}

/** The elements of a name, which hold none of their own name; no entity is expanded, nothing else is read. */
function elementsOf(text: string, name: string): { attributes: string; text: string }[] {
  const found: { attributes: string; text: string }[] = []
  const open = `<${name}`
  const close = `</${name}>`
  for (let at = text.indexOf(open); at >= 0;) {
    const start = text.indexOf('>', at)
    const end = start < 0 ? -1 : text.indexOf(close, start)
    if (end < 0) break
    if (/[\s>]/.test(text.charAt(at + open.length)))
      found.push({ attributes: text.slice(at + open.length, start), text: text.slice(start + 1, end) })
    at = text.indexOf(open, end)
  }
  return found
}

/** The sum of an element and the place that it is of; none where it has not both. */
function sumLine(text: string): SumLine[] {
  const [, type, hex] = /<checksum\b[^>]*\btype\s*=\s*["']([a-z0-9-]+)["'][^>]*>\s*([0-9a-f]+)\s*</i.exec(text) ?? []
  const [, href] = /<location\b[^>]*\bhref\s*=\s*["']([^"']+)["']/.exec(text) ?? []
  // createrepo calls SHA-1 “sha”.
  const name = type?.toLowerCase() === 'sha' ? 'sha1' : type?.toLowerCase().replace('-', '')
  const algorithm = (Object.keys(HEX_LENGTH) as SumAlgorithm[]).find((each) => each === name)
  if (algorithm === undefined || hex === undefined || href === undefined) return []
  return lineOf(algorithm, hex, plain(href))
}

function plain(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => named[name] ?? '')
}
