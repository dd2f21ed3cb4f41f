import fs from 'node:fs'
import path from 'node:path'

/** The log of a profile. */
export const LOG_NAME = 'isolde.log'
/** One that is longer becomes the log before this one, in the place of the one before that. */
const BYTES_AT_MOST = 1 << 20

/**
 * What went wrong with the program itself, a line each, kept in the profile for whoever asks later: ends of the engine and
 * of its threads, jobs that went silent. Hosts and engine write into one file, a line in one write each.
 */
export class TroubleLog {
  readonly path: string

  /** @param home the profile folder */
  constructor(home: string) {
    this.path = path.join(home, LOG_NAME)
  }

  /** Never throws: a profile that cannot be written keeps nobody from going on. */
  note(sentence: string): void {
    try {
      this.makeRoom()
      const line = `${new Date().toISOString()} [${process.pid}] ${sentence.replaceAll(/\s*\n\s*/g, ' | ')}\n`
      fs.appendFileSync(this.path, line, { mode: 0o600 })
    } catch {
      // There is no place to say so.
    }
  }

  private makeRoom(): void {
    const byteLength = fs.statSync(this.path, { throwIfNoEntry: false })?.size ?? 0
    if (byteLength > BYTES_AT_MOST) fs.renameSync(this.path, `${this.path}.1`)
  }
}
