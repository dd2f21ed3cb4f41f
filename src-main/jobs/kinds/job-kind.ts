import type { z } from 'zod'
import type { JobResultOf, TrustReport } from '../../../src-shared/contract/jobs'
import type { EntrySelection } from '../../../src-shared/contract/shapes'
import type {
  ChildSelection,
  ConflictAnswer,
  EntryOutcome,
  JobMessage,
  JobProblem,
  JobQuestion,
  JobResult,
  JobSpec,
  JobSummary,
  Said,
} from '../../../src-shared/model'
import type { Task } from '../../task'
import type { ImageSource, OpenedLocation } from './from-image/image-source'
import type { ProjectOutline } from './from-project/project-shapes'
import type { MadeItem } from '../../extract/made'
import type { ReadyFile } from '../../sinks/atomic-file'
import type { ReadyItem } from '../../sinks/ready-item'

/**
 * Everything that the program knows of one kind of job, but for its words and what a window says to start it. Light: the
 * queue loads it, and `run` loads the work itself.
 */
export interface JobKind<Spec extends JobSpec = JobSpec, Result extends JobResult = JobResult, Start = never> {
  readonly id: Spec['kind']
  /** What the job is to do, as it is kept: plain values only. Understands what earlier versions have kept. */
  readonly spec: z.ZodType<Spec>
  /** What a job of an earlier version, that went by another kind, would be told as now; null where it is none of these. */
  earlierSpec?(stored: Record<string, unknown>): object | null
  /** What a job of an earlier version has come to, which kept the same counts for every kind. Absent: these counts. */
  earlierResult?(summary: JobSummary): Result
  /** From what a window asks for. @throws {IsoldeError} where that is not there any more */
  prepare(start: Start, context: StartContext): Promise<PreparedJob<Spec>> | PreparedJob<Spec>
  /** What it does, in one line. The window words it as `jobs.<id>.<code>`. */
  title(spec: Spec): JobMessage
  /** Where it writes; null for one that writes nothing. */
  destination(spec: Spec): string | null
  /** Paths on the disks that it keeps busy: jobs that share none run at the same time. */
  resources(spec: Spec): readonly string[]
  /**
   * After its process has ended: goes on with what was done, begins anew, or is over. Why this one cannot go on, where it
   * hangs on something that went away with the process, is said by {@link lost}.
   */
  readonly resume: 'continue' | 'restart' | 'fail'
  /** What it comes to is shown by whoever asked for it: nobody else is told when it ends, and no history is kept. */
  readonly isShownElsewhere?: boolean
  lost?(spec: Spec, sourceName: string): JobProblem | null
  /** A file that it asks about, where it lies in an image; absent: it lies at its path on this computer. */
  incoming?(spec: Spec, path: string): { source: ImageSource; view: string; path: string } | null
  /** The same into another folder; absent where that makes no sense, null where this one cannot. */
  into?(spec: Spec, destination: string): Spec | null
  /** Jobs for only those files that failed, each landing where it was to. @param destination where the job wrote */
  onlyFailed?(spec: Spec, failed: readonly EntryOutcome[], destination: string): Spec[]
  /** @throws {CancelledError}, or an error with one of the contract's codes */
  run(spec: Spec, task: JobTask): Promise<JobOutcome<Result>>
}

export interface PreparedJob<Spec extends JobSpec> {
  spec: Spec
  /** For people: the image or the folder that it reads. */
  sourceName: string
  /** A password. Never stored: a job that needs one ends with this run of the program. */
  secret?: string
}

export interface JobOutcome<Result extends JobResult = JobResult> {
  result: Result
  /** Where things went: for an archive or an image, the file itself. Empty where nothing is written. */
  destination: string
}

/** What the engine knows that a kind needs to make its spec. */
export interface StartContext {
  /** The bytes of an open image, as a job remembers them. @throws {IsoldeError} `ENTRY_GONE`, `SOURCE_GONE` */
  source(ref: { image: number; generation: number }): ImageSource
  /** As {@link source}, of an image that the catalog knows, open or not. @throws {IsoldeError} `ENTRY_GONE` */
  knownSource(image: number): Promise<ImageSource>
  /** The view that an open image shows first, as the catalog knows it. @throws {IsoldeError} `IMAGE_CLOSED` */
  shownView(image: number): KnownView
  /**
   * A project as it is now.
   * @param isReleased what it has open of images is closed
   * @throws {IsoldeError} `ENTRY_GONE` where there is none
   */
  project(id: string, isReleased: boolean): Promise<ProjectOutline>
  /** The name that an open image is shown under. */
  nameOf(ref: { image: number; generation: number }): string
  /** Selected entries by their paths; `paths` null: everything. */
  selection(ref: {
    image: number
    generation: number
    view: string
    entries: EntrySelection | null
  }): Promise<{ paths: string[] | null; children?: ChildSelection }>
}

/** A running job's side of the queue: what it is watched and stopped by, and what it gets of the engine. */
export interface JobTask extends Task<JobQuestion, ConflictAnswer> {
  readonly id: string
  readonly secret: string | null
  /** The folder where this program keeps its data. */
  readonly profile: string
  /** Opens what the spec names. The caller closes it. */
  open(source: ImageSource): Promise<OpenedLocation>
  /** The hashes of an image's view. The caller closes it. @throws {IsoldeError} `ENTRY_GONE` where it is not known */
  hashBook(ref: { imageId: number; generation: number; view: string }): HashBook
  /** What is known across images. */
  readonly library: TaskLibrary
  /** SHA-256 of a view's files by path, from when they were hashed; empty where the image's file is not as it was. */
  knownHashes(opened: OpenedLocation, source: ImageSource, view: string): ReadonlyMap<string, string>
  /** Keeps what a check of an image has found, for as long as its file is as it was read. */
  keepTrust(opened: OpenedLocation, source: ImageSource, report: TrustReport): void
  /** What it has come to so far, for whoever looks on; it stays where the job is cancelled. */
  soFar(result: JobResult): void
  /** What is new now that it is done, so that it can be removed again. */
  made(items: readonly MadeItem[]): void
  /** Only the last step is left to do: how the job will have ended once `made`, where there is one, has its name. */
  ready(outcome: JobOutcome, made?: ReadyFile | ReadyItem): void
}

/** A view as the catalog knows it. */
export interface KnownView {
  imageId: number
  generation: number
  view: string
}

/** What is known across images, which one thread of the engine looks after, and the images that watched folders have. */
export type TaskLibrary = {
  /** Compares two trees; `candidates` are entries of one size on both sides whose contents are not both known. */
  compare(request: { left: KnownView; right: KnownView; algorithm: 'sha256' | 'blake3' | null }): Promise<{
    comparison: number
    total: number
    counts: ComparisonCounts
    candidates: { left: number[]; right: number[] }
  }>
  duplicates(query: DuplicateQuery): Promise<{
    duplicates: number
    total: number
    groupCount: number
    provenBytes: number
    possibleBytes: number
  }>
  /** Entries that may be there more than once and have no hash yet, by view. */
  duplicateCandidates(query: DuplicateQuery): Promise<(KnownView & { entries: number[]; isOnline: boolean })[]>
  /** The bytes of an image that the catalog knows. @throws {IsoldeError} `ENTRY_GONE` */
  source(request: { imageId: number }): Promise<ImageSource>
  /** Lets go of a comparison, or of duplicates. */
  close(request: { result: number }): Promise<void>
  /** The next image of a watched folder that has to be read, and how many there are with it; null where none is left. */
  nextToIndex(request: { folder: string }): Promise<{ path: string; waiting: number } | null>
  /** Reads it into the catalog; answers why it is no image, or null. */
  indexImage(request: { path: string }): Promise<Said | null>
  /**
   * The next image inside another one that has to be read, and how many there are with it; null where none is left.
   * @param isEverything also what is large, or known already
   */
  nextInside(request: {
    job: string
    source: ImageSource
    isEverything: boolean
  }): Promise<{ path: string; waiting: number } | null>
  /** Reads it into the catalog; answers why it is not there, or null. */
  indexInside(request: { job: string }): Promise<Said | null>
}

export interface DuplicateQuery {
  /** Null: across all. */
  imageId: number | null
  minByteLength: number
  algorithm: 'sha256' | 'blake3'
}

type ComparisonCounts = JobResultOf<'compare'>['counts']

/** A file of a view and, where it is known, its hash in hexadecimal. */
export interface HashedFile {
  /** Its number in the view. */
  entry: number
  path: string
  byteLength: number
  digest: string | null
}

/** Where the hashes of one view are kept. */
export interface HashBook {
  /** Whether the whole view is known. @throws {IsoldeError} `ENTRY_GONE` where nothing indexes it */
  isIndexed(): Promise<boolean>
  /** The image's file as it was indexed; `byteLength` in bytes, `modified` in milliseconds since 1970. */
  facts(): { generation: number; byteLength: number; modified: number | null } | undefined
  /** The files at or below entries (pairs of a first one and how many; null: of the whole view), each once. */
  files(ranges: readonly number[] | null, algorithm: 'sha256' | 'blake3'): HashedFile[]
  keep(algorithm: 'sha256' | 'blake3', hashes: readonly { entry: number; digest: string }[]): void
  close(): void
}
