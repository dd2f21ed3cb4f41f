import type { EntryTable } from '../core/entry-table'

/** Links that lead to links; as many as Linux follows. */
export const LINK_LIMIT = 40

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
    const found = this.followFrom(written)
    // Lists made on Windows: a backslash that is in no name separates them.
    if (found !== null || !written.includes('\\')) return found
    return this.followFrom(written.replaceAll('\\', '/'))
  }

  /**
   * The file whose path has these bytes, from the root or from a folder.
   * @param written a character for each byte
   */
  findBytes(written: string, base: string): number | null {
    this.byBytes ??= bytesIndex(this.table)
    const below = Buffer.from(base, 'utf8').toString('latin1')
    for (const path of [resolvedPath(written.split('/')), resolvedPath((below + written).split('/'))]) {
      const found = path === null ? undefined : this.byBytes.get(path)
      if (found !== undefined) return found
    }
    return null
  }

  /** As `find` where the system that wrote the list knows no case; null where several names differ in it alone. */
  findInAnyCase(written: string): number | null {
    this.byFolded ??= foldedIndex(this.table)
    const path = resolvedPath(written.replaceAll('\\', '/').split('/'))
    const index = path === null ? undefined : this.byFolded.get(path.toLowerCase())
    return index === undefined || index < 0 ? null : index
  }

  private followFrom(written: string): number | null {
    const path = resolvedPath(written.split('/'))
    return path === null ? null : this.follow(path)
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
      return resolvedPath([...folder, ...target.split('/'), ...names.slice(count)])
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
  for (let index = 1; index < table.length; index++) {
    if (table.kindOf(index) !== 'file') continue
    const path = table.pathBytesOf(index) ?? Buffer.from(table.pathOf(index), 'utf8')
    found.set(Buffer.from(path).toString('latin1'), index)
  }
  return found
}

/** Null where the path leads out of the root. */
export function resolvedPath(names: readonly string[]): string | null {
  const out: string[] = []
  for (const name of names) {
    if (name === '' || name === '.') continue
    if (name !== '..') out.push(name)
    else if (out.pop() === undefined) return null
  }
  return out.join('/')
}
