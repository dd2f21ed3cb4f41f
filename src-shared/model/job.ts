export const JOB_STATES = ['queued', 'running', 'paused', 'done', 'failed', 'cancelled'] as const
export type JobState = (typeof JOB_STATES)[number]

export const JOB_KINDS = ['extract', 'copy', 'move', 'convert', 'verify'] as const
export type JobKind = (typeof JOB_KINDS)[number]

/** What to do where a name is taken. `fail` is found out before the first byte; `ask` puts a question to the person. */
export const CONFLICT_POLICIES = ['fail', 'ask', 'skip', 'overwrite', 'rename', 'newer', 'different'] as const
export type ConflictPolicy = (typeof CONFLICT_POLICIES)[number]

export const OUTCOMES = ['written', 'skipped', 'renamed', 'partial', 'failed'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** What became of one entry that a job was asked for. */
export interface EntryOutcome {
  path: string
  /** Relative to the destination, as written; null where nothing was. */
  to: string | null
  byteLength: number
  status: Outcome
  /** Why, where `status` is not `written`. */
  code?: string
  message?: string
}

export interface JobSummary {
  files: number
  directories: number
  symlinks: number
  bytesWritten: number
  /** Entries that were damaged, skipped or failed. */
  problems: number
  /** The image says that it came from the network, and what was written could not be made to say so. */
  isUnmarked?: boolean
}

/** Two things that want the same name; put to the person by a job whose policy is `ask`. */
export interface ConflictQuestion {
  path: string
  destinationPath: string
  incoming: { byteLength: number; modified: number | null; kind: string }
  existing: { byteLength: number; modified: number | null; kind: string }
}

/** The latest state of a job: a whole picture, never a difference. */
export interface JobSnapshot {
  id: string
  kind: JobKind
  state: JobState
  /** For people: “Extracting 2 items to Downloads”. */
  title: string
  sourceName: string
  destination: string
  position: number
  bytesDone: number
  bytesTotal: number
  entriesDone: number
  entriesTotal: number
  /** The entry being written, or the step being taken. */
  current: string
  /** It still finds out what there is to do, and `entriesTotal` grows; nothing has been written. */
  isCounting?: boolean
  bytesPerSecond: number
  entriesPerSecond?: number
  /** Null until it can be estimated. */
  secondsLeft: number | null
  question: ConflictQuestion | null
  summary: JobSummary | null
  /** The first problems, at most 100, for people to read. */
  problems: EntryOutcome[]
  error: { code: string; message: string } | null
  createdAt: number
}
