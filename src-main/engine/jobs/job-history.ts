import fs from 'node:fs'
import path from 'node:path'
import { makeFolders } from '../../sinks/make-folders'
import { z } from 'zod'
import { historyEntry, type HistoryEntry } from '../../../src-shared/contract/history-commands'
import { IsoldeError } from '../../../src-shared/contract/errors'
import type { JobSnapshot } from '../../../src-shared/model'
import { takeBack, type TakenBack } from '../../extract/take-back'
import type { MadeItem } from '../../extract/made'
import { readPlainFile, readPlainText } from '../../files/plain-file'

/** Older ones are forgotten. */
const KEPT = 500
const ACTIVE: readonly JobSnapshot['state'][] = ['queued', 'running', 'paused']

/** Where the list of what a job has made is kept, below the profile. */
export function madePath(home: string, job: string): string {
  return path.join(folderOf(home), `${fileName(job)}.made.jsonl`)
}

/** Keeps what a job has made, so that it can be taken back. Never throws: then it cannot. */
export function keepMade(file: string, made: readonly MadeItem[]): void {
  try {
    makeFolders(path.dirname(file), 0o700)
    fs.writeFileSync(file, made.map((item) => `${JSON.stringify(item)}\n`).join(''), { mode: 0o600 })
  } catch {
    // The profile's disk is full or gone: what was made is there all the same.
  }
}

/**
 * What ran, when, how long, and how it ended: a file for each job in the profile, so that two running copies of the program
 * never write the same one.
 */
export class JobHistory {
  private readonly startedAt = new Map<string, number>()
  private readonly active = new Set<string>()
  private readonly undoing = new Set<string>()

  constructor(
    private readonly home: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** Hears of every snapshot; never throws. */
  note(snapshot: JobSnapshot): void {
    const { id, state } = snapshot
    if (ACTIVE.includes(state)) {
      this.active.add(id)
      if (state === 'running' && !this.startedAt.has(id)) this.startedAt.set(id, this.now())
      return
    }
    // One that an earlier run of the program ended is in here already, or was cleared.
    const hasEnded = this.active.delete(id) || snapshot.error?.code === 'ENGINE_GONE'
    const startedAt = this.startedAt.get(id) ?? snapshot.createdAt
    this.startedAt.delete(id)
    if (!hasEnded || snapshot.isPart === true) return
    try {
      this.write({ ...entryOf(snapshot), startedAt, endedAt: this.now(), undone: null })
      this.prune()
    } catch {
      // The profile's disk is full or gone: the queue itself goes on.
    }
  }

  /** The latest first. */
  list(offset: number, limit: number): { total: number; entries: HistoryEntry[] } {
    const all = this.read()
    const entries = all.slice(offset, offset + limit)
    return { total: all.length, entries: entries.map((entry) => ({ ...entry, canUndo: this.canUndo(entry) })) }
  }

  /** @throws {IsoldeError} `JOB_STATE` where there is nothing that could be taken back */
  async undo(job: string, signal?: AbortSignal): Promise<TakenBack & { destination: string }> {
    const entry = this.read().find(({ id }) => id === job)
    if (!entry || !this.canUndo(entry) || this.undoing.has(job))
      throw new IsoldeError('JOB_STATE', 'There is nothing of this job that could be removed.')
    this.undoing.add(job)
    try {
      const file = madePath(this.home, job)
      const lines = (await readPlainText(file)).split('\n').filter((line) => line !== '')
      const taken = await takeBack(
        lines.map((line) => made.parse(JSON.parse(line))),
        signal,
      )
      await fs.promises.rm(file, { force: true })
      this.write({ ...entry, undone: { at: this.now(), removed: taken.removed, kept: taken.kept } })
      return { ...taken, destination: entry.destination }
    } finally {
      this.undoing.delete(job)
    }
  }

  /** Forgets everything; files that jobs have written stay. */
  clear(): void {
    for (const { id } of this.read()) this.forget(id)
  }

  private canUndo({ id, kind, state, undone }: Omit<HistoryEntry, 'canUndo'>): boolean {
    return kind === 'extract' && state === 'done' && undone === null && fs.existsSync(madePath(this.home, id))
  }

  private forget(job: string): void {
    for (const file of [this.entryFile(job), madePath(this.home, job)]) fs.rmSync(file, { force: true })
  }

  private prune(): void {
    // Only the names are counted: a job that ends must not wait for hundreds of files.
    if (this.entryNames().length <= KEPT) return
    for (const { id } of this.read().slice(KEPT)) this.forget(id)
  }

  private entryNames(): string[] {
    const folder = folderOf(this.home)
    return fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.json')) : []
  }

  private read(): HistoryEntry[] {
    const folder = folderOf(this.home)
    const entries: HistoryEntry[] = []
    for (const name of this.entryNames()) {
      // Of a later version, or half of one: nothing that could be told.
      const read = historyEntry.safeParse(parsed(path.join(folder, name)))
      if (read.success) entries.push(read.data)
    }
    return entries.sort((a, b) => b.endedAt - a.endedAt || b.startedAt - a.startedAt)
  }

  private write(entry: Omit<HistoryEntry, 'canUndo'>): void {
    const file = this.entryFile(entry.id)
    makeFolders(path.dirname(file), 0o700)
    fs.writeFileSync(`${file}.new`, JSON.stringify(entry), { mode: 0o600 })
    fs.renameSync(`${file}.new`, file)
  }

  private entryFile(job: string): string {
    return path.join(folderOf(this.home), `${fileName(job)}.json`)
  }
}

/** What is read back decides what is removed: it must be what was written. */
const made = z.object({
  path: z.string().min(1),
  kind: z.enum(['file', 'directory', 'symlink']),
  size: z.string(),
  modifiedNs: z.string(),
  changedNs: z.string().nullable(),
  device: z.string(),
  inode: z.string(),
})

const folderOf = (home: string): string => path.join(home, 'history')
const fileName = (job: string): string => job.replace(/[^\w-]/g, '_')

function entryOf(snapshot: JobSnapshot) {
  const { id, kind, title, sourceName, destination, result, error, createdAt } = snapshot
  const state = snapshot.state as HistoryEntry['state']
  return { id, kind, state, title, sourceName, destination, result: result as HistoryEntry['result'], error, createdAt }
}

/** Of one entry; in bytes. */
const ENTRY_LIMIT = 64 << 20

function parsed(file: string): unknown {
  try {
    return JSON.parse(readPlainFile(file, ENTRY_LIMIT).toString('utf8')) as unknown
  } catch {
    return null
  }
}
