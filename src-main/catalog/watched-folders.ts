import type { Connection } from './database'

/** What a file looked like when the catalog last saw it. */
export interface FileFacts {
  byteLength: number
  modified: number
}

/** The folders of images that are kept up to date, and what is known of the files in them. */
export class WatchedFolders {
  constructor(private readonly database: Connection) {}

  list(): string[] {
    return this.database.prepare('SELECT path FROM watched_folder ORDER BY path').pluck().all() as string[]
  }

  add(path: string, now: number): void {
    this.database.prepare('INSERT OR IGNORE INTO watched_folder (path, added_at) VALUES (?, ?)').run(path, now)
  }

  /** The images stay known. */
  remove(path: string): void {
    this.database.prepare('DELETE FROM watched_folder WHERE path = ?').run(path)
  }

  /** Images at paths below a folder, as they were when they were indexed whole. */
  known(folder: string): Map<string, FileFacts> {
    const prefix =
      folder.endsWith('/') || folder.endsWith('\\') ? folder : folder + (folder.includes('\\') ? '\\' : '/')
    const rows = this.database
      .prepare(
        `SELECT path, byte_length AS byteLength, coalesce(modified, 0) AS modified FROM image
         WHERE json_extract(location, '$[0]') = 'path' AND json_array_length(location) = 2
           AND substr(path, 1, length(@prefix)) = @prefix
           AND NOT EXISTS (SELECT 1 FROM json_each(info, '$.views') AS one WHERE NOT EXISTS (
             SELECT 1 FROM view WHERE image_id = image.id AND generation = image.generation AND is_complete = 1
               AND key = json_extract(one.value, '$.id')))
         UNION ALL
         SELECT path, byte_length, modified FROM refused_file WHERE substr(path, 1, length(@prefix)) = @prefix`,
      )
      .all({ prefix }) as (FileFacts & { path: string })[]
    return new Map(rows.map(({ path, ...facts }) => [path, facts]))
  }

  /** A file turned out to be no image, or unreadable; it is tried again once it has changed. */
  refuse(path: string, facts: FileFacts, reason: string): void {
    this.database
      .prepare('INSERT OR REPLACE INTO refused_file (path, byte_length, modified, reason) VALUES (?, ?, ?, ?)')
      .run(path, facts.byteLength, Math.round(facts.modified), reason)
  }

  /** Files that are gone, or are images after all. */
  forgive(paths: readonly string[]): void {
    for (const path of paths) this.database.prepare('DELETE FROM refused_file WHERE path = ?').run(path)
  }

  refused(folder: string): { path: string; reason: string }[] {
    return this.database
      .prepare('SELECT path, reason FROM refused_file WHERE substr(path, 1, length(?)) = ? ORDER BY path')
      .all(folder, folder) as { path: string; reason: string }[]
  }
}
