import {
  JOB_STATES,
  type ConflictAnswer,
  type EntryOutcome,
  type JobProblem,
  type JobQuestion,
  type JobSnapshot,
  type JobSpec,
} from '../../src-shared/model'
import { Throttle } from '../task'
import type { JobStore, StoredJob } from './job-store'
import type { JobOutcome } from './kinds/job-kind'
import { kindOf } from './kinds/registry'
import { readStored } from './stored-job'
import { isActive, problemWith } from './take-over'
import { TransferRate } from './transfer-rate'

/** What has changed at a running job. */
export type JobProgress = Partial<
  Pick<JobSnapshot, 'bytesDone' | 'bytesTotal' | 'entriesDone' | 'entriesTotal' | 'current' | 'isCounting'>
>

/** What a running job tells. Every call may come late; calls after the end are ignored. */
export interface JobHooks {
  progress(progress: JobProgress): void
  question(question: JobQuestion): void
  end(end: JobEnd): void
}

export type JobEnd =
  | (JobOutcome & { state: 'done'; problems: EntryOutcome[]; canRetryFailed?: boolean })
  | { state: 'cancelled' }
  | { state: 'failed'; error: JobProblem }

/** A job at work somewhere else. */
export interface RunningJob {
  pause(): void
  resume(): void
  cancel(): void
  answer(answer: ConflictAnswer): void
}

/** @param isTakenOver an earlier process worked on it and ended over it: it may have got as far as its last step */
export type JobRunner = (
  id: string,
  spec: JobSpec,
  hooks: JobHooks,
  secret: string | null,
  isTakenOver: boolean,
) => RunningJob

/** A request that does not fit the job's state, or names no job. */
export class JobError extends Error {
  constructor(
    readonly code: 'NO_SUCH_JOB' | 'JOB_STATE',
    message: string,
  ) {
    super(message)
    this.name = 'JobError'
  }
}

export interface JobQueueOptions {
  store: JobStore
  run: JobRunner
  /** Told at every change; the newest snapshot is the whole truth. */
  onSnapshot: (snapshot: JobSnapshot) => void
  onRemoved: (id: string) => void
  /** A job was cancelled that nobody worked on: what an earlier run may have left of it is to be removed. */
  onAbandoned: (snapshot: JobSnapshot) => void
  /** This running program, for leases. */
  owner: string
  /** Whether the program that holds a lease still runs; only asked before the lease is over. */
  isOwnerAlive: (owner: string) => boolean
  /**
   * The disks that a job reads and writes. Jobs that share none run at the same time; those that share one would only
   * slow each other down. Asked once for each job; where it cannot be found out, the job waits for nobody.
   */
  disksOf: (spec: JobSpec) => readonly string[] | Promise<readonly string[]>
  /** Whether the snapshot that the store holds is one, once its spec is known to be. What is none is removed from it. */
  isSnapshot?: (snapshot: JobSnapshot) => boolean
  /** Something for a log: a job that says nothing any more, or could not be taken over. */
  onTrouble?: (sentence: string) => void
  newId: () => string
  /** Milliseconds since 1970. */
  now: () => number
}

/** A lease must outlive the gap between renewals by far: a busy machine is no dead one. */
export const LEASE_MS = 30_000
/** A job at work that has told nothing for so long is worth a word: its disk may not answer. */
export const SILENT_MS = 120_000
const SNAPSHOT_EVERY_MS = 100
const STORE_EVERY_MS = 2000

const STANDING = { bytesPerSecond: 0, entriesPerSecond: 0, secondsLeft: null }

interface Job {
  spec: JobSpec
  secret: string | null
  snapshot: JobSnapshot
  rate: TransferRate
  entryRate: TransferRate
  running: RunningJob | null
  /** Null while it is being found out. */
  disks: readonly string[] | null
  isTakenOver: boolean
  /** When its thread told something last. */
  heardAt: number
  isSilent: boolean
  telling: Throttle
  storing: Throttle
}

/** The queue: jobs in order, at the same time only on different disks, each in one of the states of the model. */
export class JobQueue {
  private readonly jobs = new Map<string, Job>()
  private readonly waiting = new Map<string, ((snapshot: JobSnapshot) => void)[]>()
  private isStopped = false
  /** Another program has jobs in the store that it seems to work on. */
  private isHeldElsewhere = false

  constructor(private readonly options: JobQueueOptions) {}

  /** Takes over what an earlier run left: jobs that nobody works on any more go on, ended ones are shown. */
  restore(): void {
    this.adopt()
    this.startNext()
  }

  /**
   * To be called every few seconds, so that nothing waits for ever: takes over jobs whose program has ended since, starts
   * what may start, and says which job has gone silent.
   */
  watch(): void {
    if (this.isStopped) return
    if (this.isHeldElsewhere) this.adopt()
    this.startNext()
    for (const job of this.jobs.values()) this.noteSilence(job)
  }

  private adopt(): void {
    const { store, owner, now, isOwnerAlive, isSnapshot } = this.options
    this.isHeldElsewhere = false
    for (const stored of store.load()) {
      if (this.jobs.has(stored.id)) continue
      const isHeld =
        stored.leaseOwner !== null &&
        stored.leaseUntil > now() &&
        stored.leaseOwner !== owner &&
        isOwnerAlive(stored.leaseOwner)
      if (isHeld) this.isHeldElsewhere = true
      if (isHeld || !store.takeLease(stored.id, stored.leaseOwner, owner, now() + LEASE_MS)) continue
      const read = readStored(stored)
      if (!read || isSnapshot?.(read.snapshot) === false) {
        this.options.onTrouble?.(`The job ${stored.id} in the catalog cannot be understood, and was removed.`)
        store.remove(stored.id)
      } else this.takeOver(read)
    }
  }

  private noteSilence(job: Job): void {
    const { snapshot } = job
    if (job.isSilent || snapshot.state !== 'running' || snapshot.question !== null) return
    if (this.options.now() - job.heardAt < SILENT_MS) return
    job.isSilent = true
    const minutes = Math.round(SILENT_MS / 60_000)
    this.options.onTrouble?.(
      `The job ${snapshot.kind} of ${snapshot.sourceName} has told nothing for ${minutes} minutes.`,
    )
    this.tell(job, { isSilent: true })
  }

  private takeOver(stored: StoredJob): void {
    const { spec, snapshot } = stored
    const problem = problemWith(stored, (id) => this.options.store.countAttempt(id))
    const state = problem ? 'failed' : snapshot.state === 'running' ? 'queued' : snapshot.state
    const job = this.keep(spec, {
      ...snapshot,
      state,
      error: problem ?? snapshot.error,
      question: null,
      ...STANDING,
      isCounting: false,
      isSilent: false,
    })
    job.isTakenOver = snapshot.state === 'running' || snapshot.state === 'paused'
    this.options.store.update(job.snapshot)
    this.options.onSnapshot(job.snapshot)
  }

  /**
   * @param secret a password, which is never stored: a job that needs one ends with this run of the program
   * @param isPart see {@link JobSnapshot}
   */
  add(spec: JobSpec, sourceName: string, secret: string | null = null, isPart = false): string {
    const { store, owner, now, newId } = this.options
    const id = newId()
    const kind = kindOf(spec)
    const snapshot: JobSnapshot = {
      id,
      kind: kind.id,
      state: 'queued',
      title: kind.title(spec),
      sourceName,
      destination: kind.destination(spec) ?? '',
      position: this.lastPosition() + 1,
      bytesDone: 0,
      bytesTotal: 0,
      entriesDone: 0,
      entriesTotal: 0,
      current: '',
      bytesPerSecond: 0,
      secondsLeft: null,
      question: null,
      result: null,
      problems: [],
      error: null,
      createdAt: now(),
      ...(isPart ? { isPart } : {}),
    }
    store.insert({ id, spec, snapshot, leaseOwner: owner, leaseUntil: now() + LEASE_MS })
    const job = this.keep(spec, snapshot, secret)
    this.tell(job, {})
    this.startNext()
    return id
  }

  list(): JobSnapshot[] {
    return [...this.jobs.values()].map((job) => job.snapshot).sort((a, b) => a.position - b.position)
  }

  /** What a job was asked to do. @throws {JobError} NO_SUCH_JOB */
  spec(id: string): JobSpec {
    return this.get(id, JOB_STATES).spec
  }

  /** Resolves when the job is done, has failed or is cancelled. @throws {JobError} NO_SUCH_JOB */
  ended(id: string): Promise<JobSnapshot> {
    const { snapshot } = this.get(id, JOB_STATES)
    if (!isActive(snapshot)) return Promise.resolve(snapshot)
    return new Promise((resolve) => {
      this.waiting.set(id, [...(this.waiting.get(id) ?? []), resolve])
    })
  }

  pause(id: string): void {
    const job = this.get(id, ['queued', 'running'])
    job.running?.pause()
    job.rate.reset()
    job.entryRate.reset()
    this.tell(job, { state: 'paused', ...STANDING })
    this.startNext()
  }

  resume(id: string): void {
    const job = this.get(id, ['paused'])
    if (job.running) {
      job.running.resume()
      this.tell(job, { state: 'running' })
    } else this.tell(job, { state: 'queued' })
    this.startNext()
  }

  cancel(id: string): void {
    const job = this.get(id, ['queued', 'running', 'paused'])
    if (job.running) job.running.cancel()
    else {
      this.tell(job, { state: 'cancelled', question: null })
      this.options.onAbandoned(job.snapshot)
    }
  }

  /** @param before the job to come before, or null for the end */
  move(id: string, before: string | null): void {
    const job = this.get(id, ['queued', 'running', 'paused'])
    const others = this.list().filter((snapshot) => snapshot.id !== id)
    const at = before === null ? others.length : others.findIndex((snapshot) => snapshot.id === before)
    if (at < 0) throw noSuchJob()
    const previous = others[at - 1]?.position ?? (others[0]?.position ?? 1) - 2
    const next = others[at]?.position ?? previous + 2
    this.tell(job, { position: (previous + next) / 2 })
  }

  retry(id: string): void {
    const job = this.get(id, ['failed', 'cancelled'])
    job.isTakenOver = false
    if (job.disks === null) this.learnDisks(job)
    this.tell(job, { state: 'queued', error: null, result: null, problems: [], bytesDone: 0, entriesDone: 0 })
    this.startNext()
  }

  dismiss(id: string): void {
    this.get(id, ['done', 'failed', 'cancelled'])
    this.jobs.delete(id)
    this.options.store.remove(id)
    this.options.onRemoved(id)
  }

  answer(id: string, answer: ConflictAnswer): void {
    const job = this.get(id, ['running', 'paused'])
    if (!job.snapshot.question || !job.running) throw new JobError('JOB_STATE', 'This job asks nothing just now.')
    this.tell(job, { question: null })
    job.running.answer(answer)
  }

  /** To be called well within every `LEASE_MS`. */
  renewLeases(): void {
    if (this.jobs.size > 0) this.options.store.renewLeases(this.options.owner, this.options.now() + LEASE_MS)
  }

  /** Whether something is at work or waiting for its turn. */
  isBusy(): boolean {
    return [...this.jobs.values()].some((job) => job.snapshot.state === 'running' || job.snapshot.state === 'queued')
  }

  /** Starts nothing more; what runs is left to be resumed by the next start. */
  stop(): void {
    this.isStopped = true
    for (const job of this.jobs.values()) if (isActive(job.snapshot)) this.options.store.update(job.snapshot)
  }

  private startNext(): void {
    if (this.isStopped) return
    const jobs = this.list().flatMap((snapshot) => this.jobs.get(snapshot.id) ?? [])
    const running = jobs.filter((job) => job.snapshot.state === 'running')
    const busy = new Set(running.flatMap((job) => job.disks ?? []))
    for (const job of jobs) {
      if (job.snapshot.state !== 'queued') continue
      // Nobody overtakes before it is known whether they would share a disk; that is found out, or given up, in seconds.
      if (job.disks === null) break
      if (!job.disks.some((disk) => busy.has(disk))) this.start(job)
      // A waiting job keeps its disks from those behind it, or it might wait for ever.
      for (const disk of job.disks) busy.add(disk)
    }
  }

  /** A disk that cannot be looked at is no reason for anything but the job itself to fail, and its run will say why. */
  private learnDisks(job: Job): void {
    try {
      const disks = this.options.disksOf(job.spec)
      if (!(disks instanceof Promise)) {
        job.disks = disks
        return
      }
      const learn = (known: readonly string[]): void => {
        job.disks = known
        this.startNext()
      }
      disks.then(learn, () => {
        learn([])
      })
    } catch {
      job.disks = []
    }
  }

  private start(job: Job): void {
    job.rate.reset()
    job.entryRate.reset()
    job.heardAt = this.options.now()
    job.isSilent = false
    // Until it says how much there is to do, it finds that out.
    this.tell(job, { state: 'running', isCounting: true })
    const { id } = job.snapshot
    const isCurrent = (): boolean => this.jobs.get(id) === job && job.running === running
    const hooks: JobHooks = {
      progress: (progress) => {
        if (isCurrent()) this.progress(job, progress)
      },
      question: (question) => {
        if (isCurrent()) this.tell(job, { question })
      },
      end: (end) => {
        if (isCurrent()) this.end(job, end)
      },
    }
    let running: RunningJob | null = null
    try {
      running = this.options.run(id, job.spec, hooks, job.secret, job.isTakenOver)
      job.running = running
    } catch (error) {
      const message = `It could not be started: ${error instanceof Error ? error.message : String(error)}`
      this.tell(job, { state: 'failed', error: { code: 'INTERNAL', message } })
    }
  }

  private progress(job: Job, progress: Partial<JobSnapshot>): void {
    const now = this.options.now()
    job.heardAt = now
    job.isSilent = false
    const snapshot = { ...job.snapshot, ...progress, isSilent: false }
    if (snapshot.state === 'running') {
      job.rate.add(now, snapshot.bytesDone)
      job.entryRate.add(now, snapshot.entriesDone)
      snapshot.bytesPerSecond = job.rate.perSecond()
      snapshot.entriesPerSecond = job.entryRate.perSecond()
      snapshot.secondsLeft = job.rate.secondsLeft(snapshot.bytesTotal)
    }
    job.snapshot = snapshot
    const isTurn = progress.isCounting === false
    if (isTurn) job.telling.reset(now)
    else if (!job.telling.isDue(now)) return
    this.options.onSnapshot(snapshot)
    if (job.storing.isDue(now)) this.options.store.update(snapshot)
  }

  private end(job: Job, end: JobEnd): void {
    job.running = null
    const common = { state: end.state, question: null, ...STANDING, isCounting: false, isSilent: false, current: '' }
    if (end.state === 'done')
      this.tell(job, {
        ...common,
        result: end.result,
        problems: end.problems,
        canRetryFailed: end.canRetryFailed === true,
        destination: end.destination,
        bytesDone: job.snapshot.bytesTotal,
        entriesDone: job.snapshot.entriesTotal,
      })
    else if (end.state === 'failed') this.tell(job, { ...common, error: end.error })
    else this.tell(job, common)
    this.startNext()
  }

  private tell(job: Job, change: Partial<JobSnapshot>): void {
    job.snapshot = { ...job.snapshot, ...change }
    const now = this.options.now()
    job.telling.reset(now)
    job.storing.reset(now)
    this.options.store.update(job.snapshot)
    this.options.onSnapshot(job.snapshot)
    if (isActive(job.snapshot)) return
    const waiting = this.waiting.get(job.snapshot.id) ?? []
    this.waiting.delete(job.snapshot.id)
    for (const resolve of waiting) resolve(job.snapshot)
  }

  private keep(spec: JobSpec, snapshot: JobSnapshot, secret: string | null = null): Job {
    const job: Job = {
      spec,
      secret,
      snapshot,
      rate: new TransferRate(),
      entryRate: new TransferRate(),
      running: null,
      disks: null,
      isTakenOver: false,
      heardAt: 0,
      isSilent: false,
      telling: new Throttle(SNAPSHOT_EVERY_MS),
      storing: new Throttle(STORE_EVERY_MS),
    }
    this.jobs.set(snapshot.id, job)
    if (isActive(snapshot)) this.learnDisks(job)
    return job
  }

  private get(id: string, states: readonly JobSnapshot['state'][]): Job {
    const job = this.jobs.get(id)
    if (!job) throw noSuchJob()
    if (!states.includes(job.snapshot.state))
      throw new JobError('JOB_STATE', `This is not possible for a job that is ${job.snapshot.state}.`)
    return job
  }

  private lastPosition(): number {
    return Math.max(0, ...[...this.jobs.values()].map((job) => job.snapshot.position))
  }
}

function noSuchJob(): JobError {
  return new JobError('NO_SUCH_JOB', 'This job is not in the list any more.')
}
