import { connect, TrustStore, type ImageAsItIs } from '../../catalog'

/** Keeps a report in the catalog. One that is full, or in use elsewhere, keeps nothing: the job has told it all the same. */
export function keepTrustReport(catalogPath: string, image: Omit<ImageAsItIs, 'charset'>, report: object): void {
  try {
    const database = connect(catalogPath, 'write')
    try {
      new TrustStore(database).keep(image, report)
    } finally {
      database.close()
    }
  } catch {
    // As above.
  }
}
