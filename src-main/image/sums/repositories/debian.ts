import type { EntryTable } from '../../core/entry-table'
import type { PathIndex } from '../path-index'
import type { SumAlgorithm, SumLine, SumList } from '../sum-lines'
import { filesAt, lineOf, listOf, textAt } from './list'

/** Fields of sums, the strongest first, in a Release file and in a list of packages (deb822). */
const FIELDS: readonly [field: string, algorithm: SumAlgorithm][] = [
  ['sha512', 'sha512'],
  ['sha256', 'sha256'],
  ['sha1', 'sha1'],
  ['md5sum', 'md5'],
]
const PACKAGES = /(?:^|\/)(?:Packages|Sources)(?:\.(?:gz|xz|bz2|zst))?$/

/** `dists/…/Release` → lists of packages → packages (Debian, “RepositoryFormat”). */
export async function readDebianRepositories(table: EntryTable, paths: PathIndex): Promise<SumList[]> {
  const lists: SumList[] = []
  for (const release of filesAt(table, /^Release$/, /(?:^|\/)dists\/[^/]+(?:\/[^/]+)*\/Release$/)) {
    const path = table.pathOf(release)
    const folder = path.slice(0, -'Release'.length)
    const root = path.slice(0, path.lastIndexOf('dists/'))
    const list = listOf(path, releaseLines(await textAt(table, release)), folder, paths)
    if (list.lines.length === 0) continue
    lists.push(list)
    const seen = new Set<string>()
    for (const { entry, path: index } of list.lines) {
      const base = index.replace(/\.(?:gz|xz|bz2|zst)$/, '')
      if (entry === null || !PACKAGES.test(index) || seen.has(base)) continue
      seen.add(base)
      const packages = listOf(index, packageLines(await textAt(table, entry)), root, paths)
      if (packages.lines.length > 0) lists.push(packages)
    }
  }
  return lists
}

/** The lines of the strongest sums in a Release file: ` hex size path` below `SHA256:`. */
export function releaseLines(text: string): SumLine[] {
  const byField = new Map<string, SumLine[]>()
  let lines: SumLine[] | null = null
  let algorithm: SumAlgorithm = 'md5'
  for (const line of text.split(/\r?\n/)) {
    const field = /^([A-Za-z0-9-]+):/.exec(line)?.[1]?.toLowerCase()
    if (field !== undefined) {
      const known = FIELDS.find(([name]) => name === field)
      lines = known ? [] : null
      if (known && lines) {
        algorithm = known[1]
        byField.set(field, lines)
      }
      continue
    }
    const [, hex, path] = /^\s+([0-9a-f]+)\s+\d+\s+(\S.*?)\s*$/i.exec(line) ?? []
    if (lines !== null && hex !== undefined && path !== undefined) lines.push(...lineOf(algorithm, hex, path))
  }
  for (const [field] of FIELDS) {
    const found = byField.get(field)
    if (found !== undefined && found.length > 0) return found
  }
  return []
}

/** A line for each package in a list of them, by its strongest sum: `Filename:` and `SHA256:` of a stanza. */
export function packageLines(text: string): SumLine[] {
  const lines: SumLine[] = []
  let path = ''
  let best = FIELDS.length
  let hex = ''
  const finish = (): void => {
    const algorithm = FIELDS[best]?.[1]
    if (algorithm !== undefined) lines.push(...lineOf(algorithm, hex, path))
    path = ''
    best = FIELDS.length
    hex = ''
  }
  for (let at = 0; at < text.length;) {
    let end = text.indexOf('\n', at)
    if (end < 0) end = text.length
    if (end === at) finish()
    else if (text.startsWith('Filename:', at)) path = text.slice(at + 9, end).trim()
    else {
      const letter = text.charAt(at)
      if (letter === 'S' || letter === 'M') {
        const colon = text.indexOf(':', at)
        const rank = colon < 0 || colon > end ? -1 : rankOf(text.slice(at, colon).toLowerCase())
        if (rank >= 0 && rank < best) {
          best = rank
          hex = text.slice(colon + 1, end).trim()
        }
      }
    }
    at = end + 1
  }
  finish()
  return lines
}

function rankOf(field: string): number {
  return FIELDS.findIndex(([name]) => name === field)
}
