import type { JobKindId, JobResultOf } from '../../src-shared/contract'
import type { JobSnapshot } from '../../src-shared/model'
import type { Language } from '../base/locales/languages'

/**
 * What a kind of job says in each language: `title` for what it does, `ended` for what it has done, and whatever else its
 * view asks for.
 */
export type JobWords = Record<Language, { title: string; ended: string } & Record<string, string>>

/** How a kind's own words are spoken. */
export interface Say {
  /** A word of this kind. @param n chooses the form of a counted word */
  word(key: string, parameters?: Record<string, string | number>, n?: number): string
  /** “3 files, 12 MB”. */
  written(files: number, byteLength: number): string
  /** It does not carry the mark of the network that the image has. */
  unmarked(): string
  /** So many files lost extended attributes, these. */
  lostAttributes(count: number, names: readonly string[]): string
  bytes(byteLength: number): string
  count(n: number): string
  /** Why the first of what did not come out as asked did not; undefined where everything did. */
  firstReason(job: JobSnapshot): string | undefined
  /** The last name of a path of this computer. */
  fileName(path: string): string
}

/** How the window shows one kind of job. */
export interface JobView {
  readonly words: JobWords
  /** In the line of a job that is done. */
  facts(job: JobSnapshot, say: Say): string[]
  /** In the corner when it is done; `detail` in place of how many problems there were. */
  end(job: JobSnapshot, say: Say): { title: string; detail?: string | undefined }
  /** What it wrote can be shown. */
  readonly hasDestination: boolean
  /** It mostly ends at once: the queue shows it only when it has not. */
  readonly isOftenQuick?: boolean
}

/** The result of a job of a kind; null where it has none yet. */
export function resultOf<Kind extends JobKindId>(job: JobSnapshot, kind: Kind): JobResultOf<Kind> | null {
  return job.result?.kind === kind ? (job.result as JobResultOf<Kind>) : null
}
