import type { Connection } from './database'
import { KIND_MASK, kindCode, rowidOf } from './entry-codes'

export const HASH_ALGORITHMS = ['sha256', 'blake3'] as const
export type HashAlgorithm = (typeof HASH_ALGORITHMS)[number]

/** How an algorithm is kept. Stored, so it never changes. */
const CODES: Record<HashAlgorithm, number> = { sha256: 1, blake3: 2 }

/** A file of a view and, where it was computed, its hash. */
export interface HashedFile {
  entry: number
  path: string
  byteLength: number
  /** Hexadecimal, lower case. */
  digest: string | null
}

/** Hashes of entries' contents. */
export class HashStore {
  private readonly select
  private readonly insert

  constructor(private readonly database: Connection) {
    this.select = database
      .prepare('SELECT lower(hex(digest)) FROM entry_hash WHERE entry_id = ? AND algorithm = ?')
      .pluck()
    this.insert = database.prepare('INSERT OR REPLACE INTO entry_hash (entry_id, algorithm, digest) VALUES (?, ?, ?)')
  }

  /** @param id an entry's rowid */
  get(id: number, algorithm: HashAlgorithm): string | null {
    return (this.select.get(id, CODES[algorithm]) as string | undefined) ?? null
  }

  /** Whether nothing was hashed by an algorithm yet. */
  isEmpty(algorithm: HashAlgorithm): boolean {
    return (
      this.database.prepare('SELECT 1 FROM entry_hash WHERE algorithm = ? LIMIT 1').get(CODES[algorithm]) === undefined
    )
  }

  /** Keeps hashes of entries by their rowids; those whose view is gone by now are left out. */
  keep(algorithm: HashAlgorithm, hashes: readonly { id: number; digest: string }[]): void {
    const isThere = this.database.prepare('SELECT 1 FROM entry WHERE id = ?')
    const keep = this.database.transaction(() => {
      for (const { id, digest } of hashes)
        if (isThere.get(id)) this.insert.run(id, CODES[algorithm], Buffer.from(digest, 'hex'))
    })
    keep.immediate()
  }

  /** The files at or below entries of a view (all of it for null), each once, with their paths. */
  filesBelow(view: { id: number }, entries: readonly number[] | null, algorithm: HashAlgorithm): HashedFile[] {
    const base = rowidOf(view.id, 0)
    const one = this.database.prepare('SELECT id, name, parent, flags, byte_length FROM entry WHERE id = ?').raw()
    const below = this.database
      .prepare(
        `SELECT entry.id, name, parent, flags, byte_length FROM directory
         JOIN entry ON entry.id BETWEEN @base + first_child AND @base + first_child + child_count - 1
         WHERE directory.id = @directory`,
      )
      .raw()
    const files: HashedFile[] = []
    const done = new Set<number>()
    const visit = ([id, , , flags, byteLength]: StoredFile, path: string): void => {
      if (done.has(id)) return
      done.add(id)
      const kind = flags & KIND_MASK
      if (kind === kindCode('file')) files.push({ entry: id - base, path, byteLength, digest: this.get(id, algorithm) })
      if (kind !== kindCode('directory')) return
      for (const child of below.all({ base, directory: id }) as StoredFile[])
        // The root is its own parent in some tables.
        if (child[0] !== id) visit(child, path === '' ? child[1] : `${path}/${child[1]}`)
    }
    for (const entry of entries ?? [0]) {
      const row = one.get(base + entry) as StoredFile | undefined
      if (row) visit(row, this.pathOf(base, row, one))
    }
    return files
  }

  private pathOf(base: number, [id, name, parent]: StoredFile, one: { get(id: number): unknown }): string {
    if (id === base) return ''
    const names = [name]
    let at = parent
    for (;;) {
      const row = at === 0 ? undefined : (one.get(base + at) as StoredFile | undefined)
      // Parents have smaller numbers than their children, so this ends.
      if (!row || row[2] >= at) break
      names.push(row[1])
      at = row[2]
    }
    return names.reverse().join('/')
  }
}

type StoredFile = [id: number, name: string, parent: number, flags: number, byteLength: number]

/** The number of a view in the catalog; undefined where it is not there (any more). */
export function findView(
  database: Connection,
  ref: { imageId: number; generation: number; view: string },
): { id: number; isComplete: boolean } | undefined {
  const row = database
    .prepare('SELECT id, is_complete FROM view WHERE image_id = ? AND generation = ? AND key = ?')
    .get(ref.imageId, ref.generation, ref.view) as { id: number; is_complete: number } | undefined
  return row && { id: row.id, isComplete: row.is_complete === 1 }
}
