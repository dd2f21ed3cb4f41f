import type { DiagnosticLog } from './diagnostic-log'

/** Counts files that have named streams or a resource fork beside their content, in a format whose trees do not list those. */
export class StreamTally {
  private readonly files = new Set<number>()

  /** @param file what tells it apart, however many names it has */
  add(file: number): void {
    this.files.add(file)
  }

  /** Tells of them, once the whole tree has been read. */
  settle(log: DiagnosticLog): void {
    const count = this.files.size
    this.files.clear()
    if (count === 0) return
    const what = count === 1 ? '1 file has named streams' : `${count} files have named streams`
    log.warn('NAMED_STREAMS', `${what} or a resource fork beside the content, which are not listed and not extracted.`)
  }
}
