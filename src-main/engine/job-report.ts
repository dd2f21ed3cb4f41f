import fs from 'node:fs'
import path from 'node:path'
import type { EntryOutcome } from '../../src-shared/model'

/** Outcomes kept for one job. Beyond that nobody reads them, and a disk should not fill up with them. */
const OUTCOMES_AT_MOST = 200_000
const FLUSH_AT = 256

/** What a job did other than write, as lines of JSON in a file of the profile. */
export class ReportWriter {
  private readonly lines: string[] = []
  private count = 0
  private hasFailed = false

  /** Begins the report anew: a job that goes on after its process died tells everything again. */
  constructor(private readonly file: string) {
    this.attempt(() => {
      fs.mkdirSync(path.dirname(file), { recursive: true })
      fs.writeFileSync(file, '')
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
    text = await fs.promises.readFile(file, 'utf8')
  } catch {
    return { total: 0, outcomes: [] }
  }
  const lines = text.split('\n').filter((line) => line !== '')
  const outcomes = lines.slice(offset, offset + limit).map((line) => JSON.parse(line) as EntryOutcome)
  return { total: lines.length, outcomes }
}

/** Where the report of a job is kept. */
export function reportPath(home: string, job: string): string {
  return path.join(home, 'reports', `${job.replace(/[^\w-]/g, '_')}.jsonl`)
}
