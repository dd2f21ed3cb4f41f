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
export function locationKey(
  kind: string,
  path: string,
  inside: readonly { view?: string | undefined; path: string }[],
): string {
  return JSON.stringify([kind, path, ...inside.map((step) => [step.view ?? '', step.path])])
}

/** Reads and writes what is known of images as wholes. */
export class ImageStore {
  constructor(private readonly database: Connection) {}

  /**
   * Notes that an image is open now. An unchanged one keeps its generation and entries; a changed or new one gets a
   * new generation without entries.
   */
  remember(key: ImageIdentityKey, info: ImageInfo, now: number): KnownImage {
    const remember = this.database.transaction((): KnownImage => {
      const known = this.find(key.location)
      if (known && isSame(known, key)) {
        this.database.prepare('UPDATE image SET last_opened = ?, last_seen = ? WHERE id = ?').run(now, now, known.id)
        const stored = JSON.parse(known.info) as ImageInfo
        const indexed = this.indexedViews(known.id, known.generation)
        // What was found out while indexing is worth more than what opening alone tells.
        return { id: known.id, generation: known.generation, indexed, info: indexed.size > 0 ? stored : info }
      }
      const generation = (known?.generation ?? 0) + 1
      const id = this.write(key, info, generation, now, known?.id)
      return { id, generation, indexed: new Map<string, number>(), info }
    })
    return remember.immediate()
  }

  /** Brings counts and diagnostics that indexing has found up to date. */
  updateInfo(id: number, info: ImageInfo): void {
    this.database.prepare('UPDATE image SET info = ? WHERE id = ?').run(JSON.stringify(info), id)
  }

  recent(limit: number): RecentImageRecord[] {
    return this.database
      .prepare(
        `SELECT id, name, path, label, byte_length AS byteLength, formats, status, last_opened AS lastOpened
         FROM image WHERE json_extract(location, '$[0]') = 'path' AND json_array_length(location) = 2
         ORDER BY last_opened DESC LIMIT ?`,
      )
      .all(limit)
      .map((row) => {
        const record = row as Omit<RecentImageRecord, 'formats'> & { formats: string }
        return { ...record, formats: JSON.parse(record.formats) as string[] }
      })
  }

  /** Removes an image with its views and entries. */
  forget(id: number): void {
    const forget = this.database.transaction(() => {
      this.deleteEntries(id)
      this.database.prepare('DELETE FROM image WHERE id = ?').run(id)
    })
    forget.immediate()
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

  private write(key: ImageIdentityKey, info: ImageInfo, generation: number, now: number, id?: number): number {
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
      now,
    }
    if (id === undefined) {
      const result = this.database
        .prepare(
          `INSERT INTO image (location, path, name, byte_length, modified, fingerprint, charset, label, formats, status,
             info, generation, first_opened, last_opened, last_seen)
           VALUES (@location, @path, @name, @byteLength, @modified, @fingerprint, @charset, @label, @formats, @status,
             @info, @generation, @now, @now, @now)`,
        )
        .run(values)
      return Number(result.lastInsertRowid)
    }
    this.database
      .prepare(
        `UPDATE image SET path = @path, name = @name, byte_length = @byteLength, modified = @modified,
           fingerprint = @fingerprint, charset = @charset, label = @label, formats = @formats, status = @status,
           info = @info, generation = @generation, last_opened = @now, last_seen = @now
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
