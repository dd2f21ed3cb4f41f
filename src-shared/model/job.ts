import type { Details } from './reasons'

export const JOB_STATES = ['queued', 'running', 'paused', 'done', 'failed', 'cancelled'] as const
export type JobState = (typeof JOB_STATES)[number]

/** What a job is to do: its kind says what else is in it. Kept as JSON, so plain values only. */
export interface JobSpec {
  kind: string
}

/** What a job came to: its kind says what else is in it. */
export interface JobResult {
  kind: string
  /** How much of what was asked for did not come out as asked. */
  problems: number
}

/** A sentence as code and parameters; whoever shows it words it. */
export interface JobMessage {
  code: string
  parameters: Record<string, string | number>
}

/** What to do where a name is taken. `fail` is found out before the first byte; `ask` puts a question to the person. */
export const CONFLICT_POLICIES = ['fail', 'ask', 'skip', 'overwrite', 'rename', 'newer', 'different'] as const
export type ConflictPolicy = (typeof CONFLICT_POLICIES)[number]

/** Of more items than this nobody takes an extraction back, and looking at each would cost more than writing it. */
export const UNDO_LIMIT = 50_000

export const OUTCOMES = ['written', 'skipped', 'renamed', 'partial', 'failed'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Why something of a job did not come out as asked, besides the codes of errors and of diagnostics. */
export const OUTCOME_CODES = [
  'UNSUPPORTED_KIND',
  'LINKS_NOT_POSSIBLE',
  'ATTRIBUTES_LOST',
  'ATTRIBUTES_DAMAGED',
  'COPIED_NOT_REMOVED',
  'LINK_LEADS_OUT',
  'LINK_TARGET_INVALID',
  'CONTENT_LOST',
  'UNSAFE_NAME',
  'SUM_MISMATCH',
  'CHECK_UNREADABLE',
  'IMAGE_TRUNCATED',
  'IMAGE_DAMAGED',
  'LEFT_OUT',
  'NOT_REPLACED',
] as const

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
  /** What the window words it by, besides its code. */
  details?: Details
}

/** Why a job failed: a sentence in English, and what the window words it by. */
export interface JobProblem {
  code: string
  message: string
  details?: Details | undefined
}

/** What was written, of jobs that write files. */
export interface JobSummary {
  files: number
  directories: number
  symlinks: number
  bytesWritten: number
  /** Entries that were damaged, skipped or failed. */
  problems: number
  /** The image says that it came from the network, and what was written could not be made to say so. */
  isUnmarked?: boolean
  lostAttributes?: LostAttributes
}

/** Extended attributes that a destination, or the rights of whoever writes there, did not take. */
export interface LostAttributes {
  /** Entries that lost any. */
  count: number
  /** The first of them, in the image. */
  path: string
  /** Of the attributes, each once, sorted. */
  names: string[]
}

/** Two things that want the same name; put to the person by a job whose policy is `ask`. */
export interface ConflictQuestion {
  path: string
  destinationPath: string
  incoming: { byteLength: number; modified: number | null; kind: string }
  existing: { byteLength: number; modified: number | null; kind: string }
}

/** What a job asks the person. */
export type JobQuestion = { kind: 'conflict' } & ConflictQuestion

export interface ConflictAnswer {
  choice: 'skip' | 'overwrite' | 'rename' | 'newer' | 'different' | 'cancel'
  forAll: boolean
}

/** What is being done with a drive. */
export const JOB_PHASES = ['preparing', 'writing', 'checking', 'finishing', 'reading'] as const
export type JobPhase = (typeof JOB_PHASES)[number]

/** The latest state of a job: a whole picture, never a difference. */
export interface JobSnapshot {
  id: string
  kind: string
  state: JobState
  /** “Extracting 2 items to Downloads”. */
  title: JobMessage
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
  /** Of jobs that work in steps which take long each. */
  phase?: JobPhase
  /** It has told nothing for minutes: its disk may not answer. */
  isSilent?: boolean
  bytesPerSecond: number
  entriesPerSecond?: number
  /** Null until it can be estimated. */
  secondsLeft: number | null
  question: JobQuestion | null
  /** What it came to; of some kinds, while they run, what they have come to so far. */
  result: JobResult | null
  /** The first problems, at most 100, for people to read. */
  problems: EntryOutcome[]
  /** Part of something that a window asked for, which tells how it came out. */
  isPart?: boolean
  /** Some files failed, and a job for those alone can be made. */
  canRetryFailed?: boolean
  error: JobProblem | null
  createdAt: number
}
