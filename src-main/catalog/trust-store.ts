import type { Connection } from './database'
import type { ImageAsItIs } from './known-hashes'

type ImageFile = Omit<ImageAsItIs, 'charset'>

/** What checks have found out about images: kept for the file as it was then, and not told of another. */
export class TrustStore {
  constructor(private readonly database: Connection) {}

  /** Keeps a report in place of an earlier one; nothing where the catalog does not know the image as it is. */
  keep(image: ImageFile, report: object): void {
    this.database
      .prepare(
        `INSERT OR REPLACE INTO trust_report (image_id, generation, report)
         SELECT id, generation, @report FROM image
         WHERE location = @location AND byte_length = @byteLength AND modified = @modified`,
      )
      .run({ ...image, modified: Math.round(image.modified), report: JSON.stringify(report) })
  }

  /** The report on an image whose file is as it was when it was checked; null without one. */
  find(image: ImageFile): unknown {
    const report = this.database
      .prepare(
        `SELECT report FROM trust_report JOIN image ON image.id = image_id AND image.generation = trust_report.generation
         WHERE location = @location AND byte_length = @byteLength AND modified = @modified`,
      )
      .pluck()
      .get({ ...image, modified: Math.round(image.modified) }) as string | undefined
    return report === undefined ? null : JSON.parse(report)
  }
}
