import fs from 'node:fs'
import path from 'node:path'
import { makeFolders } from '../../sinks/make-folders'
import type { EntryOutcome } from '../../../src-shared/model'
import { readPlainFile, readPlainText } from '../../files/plain-file'

/** Of the note of an end; in bytes. */
const END_LIMIT = 64 << 20

/** Outcomes kept for one job. Beyond that nobody reads them, and a disk should not fill up with them. */
const OUTCOMES_AT_MOST = 200_000
const FLUSH_AT = 256

/** What a job did other than write, as lines of JSON in a file of the profile. */
export class ReportWriter {
  private readonly lines: string[] = []
  private count = 0
  private hasFailed = false

  /**
   * Begins the report anew: a job that goes on after its process died tells everything again.
   * @param isWhole it was at its end then, and so is its report
   */
  constructor(
    private readonly file: string,
    isWhole = false,
  ) {
    if (isWhole) return
    this.attempt(() => {
      makeFolders(path.dirname(file), 0o700)
      fs.writeFileSync(file, '', { mode: 0o600 })
    })
  }

  note(outcome: EntryOutcome): void {
    if (this.hasFailed || this.count >= OUTCOMES_AT_MOST) return
    this.count++
    this.lines.push(JSON.stringify(outcome))
    if (this.lines.length >= FLUSH_AT) this.flush()
  }

  flush(): void {
    const text = this.lines.splice(0).join('\n')
    if (text !== '')
      this.attempt(() => {
        fs.appendFileSync(this.file, `${text}\n`)
      })
  }

  /** A profile that cannot be written must not end an extraction: there is no report then. */
  private attempt(work: () => void): void {
    try {
      work()
    } catch {
      this.hasFailed = true
    }
  }
}

/** A page of a report; empty where there is none. */
export async function readReport(
  file: string,
  offset: number,
  limit: number,
): Promise<{ total: number; outcomes: EntryOutcome[] }> {
  let text: string
  try {
    text = await readPlainText(file)
  } catch {
    return { total: 0, outcomes: [] }
  }
  const lines = text.split('\n').filter((line) => line !== '')
  const outcomes = lines.slice(offset, offset + limit).map((line) => JSON.parse(line) as EntryOutcome)
  return { total: lines.length, outcomes }
}

/**
 * Notes how a job has ended, beside its report, before its traces go: a process that ends between the last step and the
 * queue's own note is followed by one that would otherwise do everything once more. Never throws: then it does.
 */
export function noteEnd(reportFile: string, end: unknown): void {
  const unfinished = `${endFile(reportFile)}.new`
  try {
    makeFolders(path.dirname(reportFile), 0o700)
    fs.writeFileSync(unfinished, JSON.stringify(end), { flush: true, mode: 0o600 })
    fs.renameSync(unfinished, endFile(reportFile))
  } catch {
    // The profile's disk is full or gone.
  }
}

/** What an earlier process has noted of the end of the job; null where it has not come so far. */
export function readEnd(reportFile: string): unknown {
  try {
    return JSON.parse(readPlainFile(endFile(reportFile), END_LIMIT).toString('utf8')) as unknown
  } catch {
    return null
  }
}

/** Removes what is kept of a job. Never rejects. */
export async function forgetReport(reportFile: string): Promise<void> {
  for (const file of [reportFile, endFile(reportFile)])
    await fs.promises.rm(file, { force: true }).catch(() => undefined)
}

function endFile(reportFile: string): string {
  return `${reportFile}.end`
}

/** Where the report of a job is kept. */
export function reportPath(home: string, job: string): string {
  return path.join(home, 'reports', `${job.replace(/[^\w-]/g, '_')}.jsonl`)
}
