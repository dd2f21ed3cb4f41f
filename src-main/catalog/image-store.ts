import type { InsideStep } from '../../src-shared/model'
import type { ImageInfo, RecentImageRecord } from './records'
import { deleteView } from './view-store'
import type { Connection } from './database'

/** What makes an image the one that was known: where it is, and that nothing about it has changed. */
export interface ImageIdentityKey {
  /** See {@link locationKey}. */
  location: string
  path: string
  byteLength: number
  /** Milliseconds since 1970, or null where the host does not know. */
  modified: number | null
  fingerprint: Uint8Array
  charset: string | null
}

export interface KnownImage {
  id: number
  generation: number
  /** Views that were indexed whole in that generation and need not be parsed, with their counts of entries. */
  indexed: Map<string, number>
  info: ImageInfo
}

/** The key under which an image is known: its file, and the way into nested ones. */
export function locationKey(kind: string, path: string, inside: readonly InsideStep[]): string {
  const keyOf = ({ view = '', path: own, runs }: InsideStep): unknown[] => [view, own, ...(runs ? [runs] : [])]
  return JSON.stringify([kind, path, ...inside.map(keyOf)])
}

/** Locations of images inside another one lie between these: they begin alike and go on with a step, which is a list. */
export function within(location: string): [low: string, high: string] {
  const beginning = `${location.slice(0, -1)},`
  return [`${beginning}[`, `${beginning}\\`]
}

/** Reads and writes what is known of images as wholes. */
export class ImageStore {
  /** @param isThere whether a path leads to something; asked of the old place of an image that seems to have moved */
  constructor(
    private readonly database: Connection,
    private readonly isThere: (path: string) => boolean = () => true,
  ) {}

  /**
   * Notes that an image is open now. An unchanged one keeps its generation and entries, also where it has moved; a
   * changed or new one gets a new generation without entries.
   * @param isOpening false where a watched folder is brought up to date: nobody has looked at the image
   */
  remember(key: ImageIdentityKey, info: ImageInfo, now: number, isOpening = true): KnownImage {
    const remember = this.database.transaction((): KnownImage => {
      if (!this.find(key.location)) this.follow(key, info.name)
      const known = this.find(key.location)
      if (known && isSame(known, key)) {
        this.database
          .prepare('UPDATE image SET last_opened = iif(?, ?, last_opened), last_seen = ? WHERE id = ?')
          .run(isOpening ? 1 : 0, now, now, known.id)
        const stored = JSON.parse(known.info) as ImageInfo
        const indexed = this.indexedViews(known.id, known.generation)
        // What was found out while indexing is worth more than what opening alone tells, but for the name, which it may
        // have got since, and for what an earlier version did not look at.
        const found = indexed.size > 0 ? { ...info, ...stored, name: info.name } : info
        return { id: known.id, generation: known.generation, indexed, info: found }
      }
      const generation = (known?.generation ?? 0) + 1
      const id = this.write(key, info, generation, isOpening ? now : 0, known?.id, now)
      return { id, generation, indexed: new Map<string, number>(), info }
    })
    return remember.immediate()
  }

  /**
   * An image that was never seen here, but is known from a place where nothing is any more, has moved: it stays the
   * image it was, with its tags and notes, and so do the images inside it. Its entries and hashes stay as well where its
   * file has the time that it had: a copy may have been changed anywhere.
   */
  private follow(key: ImageIdentityKey, name: string): void {
    const [kind, newPath, ...inside] = JSON.parse(key.location) as [string, string, ...unknown[]]
    if (kind !== 'path') return
    const alike = this.database
      .prepare('SELECT path, location FROM image WHERE fingerprint = ? AND byte_length = ? ORDER BY last_seen DESC')
      .all(Buffer.from(key.fingerprint), key.byteLength) as { path: string; location: string }[]
    const former = alike.find(({ path, location }) => {
      const [formerKind, , ...formerInside] = JSON.parse(location) as [string, string, ...unknown[]]
      return formerKind === 'path' && JSON.stringify(formerInside) === JSON.stringify(inside) && !this.isThere(path)
    })
    if (!former) return
    const move = this.database.prepare(
      `UPDATE OR IGNORE image SET path = @newPath, location = json_set(location, '$[1]', @newPath),
         name = iif(json_array_length(location) = 2, @name, name)
       WHERE path = @oldPath AND json_extract(location, '$[0]') = 'path'`,
    )
    const outerName = inside.length === 0 ? name : (newPath.split(/[/\\]/).at(-1) ?? name)
    move.run({ newPath, oldPath: former.path, name: outerName })
  }

  /** What the catalog knows of an image without its file; null where it was never indexed whole in its default view. */
  recall(location: string): KnownImage | null {
    const known = this.find(location)
    if (!known) return null
    const info = JSON.parse(known.info) as ImageInfo
    const indexed = this.indexedViews(known.id, known.generation)
    const views = info.views.filter((view) => indexed.has(view.id))
    if (!indexed.has(info.defaultViewId)) return null
    return { id: known.id, generation: known.generation, indexed, info: { ...info, views } }
  }

  /** What an image's file was like when it was parsed. */
  facts(
    id: number,
  ): { generation: number; byteLength: number; modified: number | null; charset: string | null } | undefined {
    return this.database
      .prepare('SELECT generation, byte_length AS byteLength, modified, charset FROM image WHERE id = ?')
      .get(id) as
      { generation: number; byteLength: number; modified: number | null; charset: string | null } | undefined
  }

  /** Entries of a view without its root. */
  entryCount(ref: { imageId: number; generation: number; view: string }): number {
    const count = this.database
      .prepare('SELECT entry_count FROM view WHERE image_id = ? AND generation = ? AND key = ?')
      .pluck()
      .get(ref.imageId, ref.generation, ref.view)
    return Number(count ?? 0)
  }

  /** Says what an image of this generation is for. */
  identify(id: number, generation: number, identity: string): void {
    this.database
      .prepare('UPDATE image SET identity = ?, identified = generation WHERE id = ? AND generation = ?')
      .run(identity, id, generation)
  }

  isIdentified(id: number, generation: number): boolean {
    return this.database.prepare('SELECT identified FROM image WHERE id = ?').pluck().get(id) === generation
  }

  /** Brings counts and diagnostics that indexing has found up to date. */
  updateInfo(id: number, info: ImageInfo): void {
    this.database.prepare('UPDATE image SET info = ? WHERE id = ?').run(JSON.stringify(info), id)
  }

  recent(limit: number): RecentImageRecord[] {
    return this.database
      .prepare(
        `SELECT id, name, path, label, byte_length AS byteLength, formats, status, last_opened AS lastOpened
         FROM image WHERE last_opened > 0 AND json_extract(location, '$[0]') = 'path' AND json_array_length(location) = 2
         ORDER BY last_opened DESC LIMIT ?`,
      )
      .all(limit)
      .map((row) => {
        const record = row as Omit<RecentImageRecord, 'formats'> & { formats: string }
        return { ...record, formats: JSON.parse(record.formats) as string[] }
      })
  }

  /** Removes an image with its views and entries, and with it what was found inside of it and nobody has opened. */
  forget(id: number): void {
    const forget = this.database.transaction(() => {
      const location = this.database.prepare('SELECT location FROM image WHERE id = ?').pluck().get(id)
      const inside =
        typeof location === 'string'
          ? (this.database
              .prepare('SELECT id FROM image WHERE location >= ? AND location < ? AND last_opened = 0')
              .pluck()
              .all(...within(location)) as number[])
          : []
      for (const one of [id, ...inside]) {
        this.deleteEntries(one)
        this.database.prepare('DELETE FROM image WHERE id = ?').run(one)
      }
    })
    forget.immediate()
  }

  /** Removes what is kept of an image's entries, in every generation; that it is known stays. */
  dropEntries(id: number): void {
    const drop = this.database.transaction(() => {
      this.deleteEntries(id)
    })
    drop.immediate()
  }

  /** Removes the entries of every generation but `keep`. */
  dropOldGenerations(id: number, keep: number): void {
    const drop = this.database.transaction(() => {
      this.deleteEntries(id, keep)
    })
    drop.immediate()
  }

  private deleteEntries(imageId: number, keepGeneration = -1): void {
    const views = this.database
      .prepare('SELECT id FROM view WHERE image_id = ? AND generation <> ?')
      .pluck()
      .all(imageId, keepGeneration) as number[]
    for (const view of views) deleteView(this.database, view)
  }

  private find(location: string): StoredImage | undefined {
    return this.database.prepare('SELECT * FROM image WHERE location = ?').get(location) as StoredImage | undefined
  }

  private indexedViews(id: number, generation: number): Map<string, number> {
    const rows = this.database
      .prepare('SELECT key, entry_count FROM view WHERE image_id = ? AND generation = ? AND is_complete = 1')
      .raw()
      .all(id, generation) as [string, number][]
    return new Map(rows)
  }

  /** @param opened when it was opened; 0 where nobody has */
  private write(
    key: ImageIdentityKey,
    info: ImageInfo,
    generation: number,
    opened: number,
    id: number | undefined,
    now: number,
  ): number {
    const values = {
      location: key.location,
      path: key.path,
      name: info.name,
      byteLength: key.byteLength,
      modified: key.modified === null ? null : Math.round(key.modified),
      fingerprint: Buffer.from(key.fingerprint),
      charset: key.charset,
      label: info.label,
      formats: JSON.stringify([...new Set(info.views.map((view) => view.kind))]),
      status: info.completeness.status,
      info: JSON.stringify(info),
      generation,
      opened,
      now,
    }
    if (id === undefined) {
      const result = this.database
        .prepare(
          `INSERT INTO image (location, path, name, byte_length, modified, fingerprint, charset, label, formats, status,
             info, generation, first_opened, last_opened, last_seen)
           VALUES (@location, @path, @name, @byteLength, @modified, @fingerprint, @charset, @label, @formats, @status,
             @info, @generation, @now, @opened, @now)`,
        )
        .run(values)
      return Number(result.lastInsertRowid)
    }
    this.database
      .prepare(
        `UPDATE image SET path = @path, name = @name, byte_length = @byteLength, modified = @modified,
           fingerprint = @fingerprint, charset = @charset, label = @label, formats = @formats, status = @status,
           info = @info, generation = @generation, inside = 0,
           last_opened = max(last_opened, @opened), last_seen = @now
         WHERE location = @location`,
      )
      .run(values)
    return id
  }
}

interface StoredImage {
  id: number
  byte_length: number
  modified: number | null
  fingerprint: Buffer
  charset: string | null
  info: string
  generation: number
}

function isSame(known: StoredImage, key: ImageIdentityKey): boolean {
  return (
    known.byte_length === key.byteLength &&
    known.modified === (key.modified === null ? null : Math.round(key.modified)) &&
    known.charset === key.charset &&
    Buffer.compare(known.fingerprint, key.fingerprint) === 0
  )
}
