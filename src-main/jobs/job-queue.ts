import { JOB_STATES, type ConflictAnswer, type JobSnapshot, type JobSpec } from '../../src-shared/model'
import type { JobStore, StoredJob } from './job-store'
import { kindOf } from './kinds/registry'
import { QueuedJob, SILENT_MS, STANDING } from './queued-job'
import {
  JobError,
  noSuchJob,
  type JobEnd,
  type JobHooks,
  type JobProgress,
  type JobRunner,
  type RunningJob,
} from './running-job'
import { readStored } from './stored-job'
import { isActive, problemWith } from './take-over'
import { whoseTurn } from './turns'

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
/** Where it is not known by then which disks a job needs, it waits for nobody. */
const DISKS_WITHIN_MS = 15_000

/** The queue: jobs in order, at the same time only on different disks, each in one of the states of the model. */
export class JobQueue {
  private readonly jobs = new Map<string, QueuedJob>()
  private readonly waiting = new Map<string, ((snapshot: JobSnapshot) => void)[]>()
  private isStopped = false
  /** When it was last looked whether something waits. */
  private watchedAt = 0

  constructor(private readonly options: JobQueueOptions) {}

  /** Takes over what an earlier run left: jobs that nobody works on any more go on, ended ones are shown. */
  restore(): void {
    this.watchedAt = this.options.now()
    this.adopt()
    this.startNext()
  }

  /**
   * To be called every few seconds, so that nothing waits for ever: takes over jobs whose program has ended since, gives up
   * waiting for disks that do not answer, starts what may start, and says which job has gone silent.
   */
  watch(): void {
    if (this.isStopped) return
    const now = this.options.now()
    // After the computer was asleep every lease is over, and those who are alive have not renewed theirs yet.
    const hasSlept = now - this.watchedAt > LEASE_MS
    this.watchedAt = now
    if (!hasSlept && this.options.store.hasOthers(this.options.owner)) this.adopt()
    for (const job of this.jobs.values()) {
      if (job.isUnsaved) this.save(job)
      if (job.disks === null && isActive(job.snapshot) && now - job.askedAt >= DISKS_WITHIN_MS) {
        job.disks = []
        this.trouble(`It cannot be found out which disks the ${nameOf(job)} needs: one may not answer.`)
      }
    }
    this.startNext()
    for (const job of this.jobs.values()) this.noteSilence(job)
  }

  private adopt(): void {
    const { store, owner, now, isOwnerAlive, isSnapshot } = this.options
    for (const stored of store.load()) {
      if (this.jobs.has(stored.id)) continue
      const isHeld =
        stored.leaseOwner !== null &&
        stored.leaseUntil > now() &&
        stored.leaseOwner !== owner &&
        isOwnerAlive(stored.leaseOwner)
      if (isHeld || !store.takeLease(stored.id, stored.leaseOwner, owner, now() + LEASE_MS)) continue
      const read = readStored(stored)
      if (!read || isSnapshot?.(read.snapshot) === false) {
        this.trouble(`The job ${stored.id} in the catalog cannot be understood, and was removed.`)
        store.remove(stored.id)
      } else this.takeOver(read)
    }
  }

  private noteSilence(job: QueuedJob): void {
    if (!job.goesSilent(this.options.now())) return
    this.trouble(`The ${nameOf(job)} has told nothing for ${Math.round(SILENT_MS / 60_000)} minutes.`)
    this.report(job, { isSilent: true })
  }

  private trouble(sentence: string): void {
    this.options.onTrouble?.(sentence)
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
    this.save(job)
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
    this.report(job, {})
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
    job.rest(this.options.now())
    this.report(job, { state: 'paused', ...STANDING })
    this.startNext()
  }

  resume(id: string): void {
    const job = this.get(id, ['paused'])
    job.rest(this.options.now())
    if (job.running) {
      job.running.resume()
      this.report(job, { state: 'running' })
    } else this.report(job, { state: 'queued' })
    this.startNext()
  }

  cancel(id: string): void {
    const job = this.get(id, ['queued', 'running', 'paused'])
    if (job.running) job.running.cancel()
    else {
      this.report(job, { state: 'cancelled', question: null })
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
    this.report(job, { position: (previous + next) / 2 })
  }

  retry(id: string): void {
    const job = this.get(id, ['failed', 'cancelled'])
    job.isTakenOver = false
    if (job.disks === null) this.learnDisks(job)
    this.report(job, { state: 'queued', error: null, result: null, problems: [], bytesDone: 0, entriesDone: 0 })
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
    this.report(job, { question: null })
    job.running.answer(answer)
  }

  /** To be called well within every `LEASE_MS`. */
  renewLeases(): void {
    if (this.jobs.size > 0) this.options.store.renewLeases(this.options.owner, this.options.now() + LEASE_MS)
  }

  /** Whether something that somebody has asked for is at work or waiting for its turn. */
  isBusy(): boolean {
    return [...this.jobs.values()].some(
      ({ snapshot }) => snapshot.isPart !== true && (snapshot.state === 'running' || snapshot.state === 'queued'),
    )
  }

  /** Starts nothing more; what runs is left to be resumed by the next start. */
  stop(): void {
    this.isStopped = true
    for (const job of this.jobs.values()) if (isActive(job.snapshot)) this.options.store.update(job.snapshot)
  }

  private startNext(): void {
    if (this.isStopped) return
    for (const job of whoseTurn(this.list().flatMap(({ id }) => this.jobs.get(id) ?? []))) this.start(job)
  }

  /** A disk that cannot be looked at is no reason for anything but the job itself to fail, and its run will say why. */
  private learnDisks(job: QueuedJob): void {
    job.askedAt = this.options.now()
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

  private start(job: QueuedJob): void {
    job.rest(this.options.now())
    // Until it says how much there is to do, it finds that out.
    this.report(job, { state: 'running', isCounting: true })
    const { id } = job.snapshot
    const isCurrent = (): boolean => this.jobs.get(id) === job && job.running === running
    const hooks: JobHooks = {
      progress: (progress) => {
        if (isCurrent()) this.progress(job, progress)
      },
      question: (question) => {
        if (isCurrent()) this.report(job, { question })
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
      this.report(job, { state: 'failed', error: { code: 'INTERNAL', message } })
    }
  }

  private progress(job: QueuedJob, progress: JobProgress): void {
    const { isToTell, isToStore } = job.advance(progress, this.options.now())
    if (isToTell) this.options.onSnapshot(job.snapshot)
    if (isToStore) this.save(job)
  }

  private end(job: QueuedJob, end: JobEnd): void {
    job.running = null
    const common = { state: end.state, question: null, ...STANDING, isCounting: false, isSilent: false, current: '' }
    if (end.state === 'done')
      this.report(job, {
        ...common,
        result: end.result,
        problems: end.problems,
        canRetryFailed: end.canRetryFailed === true,
        destination: end.destination,
        bytesDone: job.snapshot.bytesTotal,
        entriesDone: job.snapshot.entriesTotal,
      })
    else if (end.state === 'failed') this.report(job, { ...common, error: end.error })
    else this.report(job, common)
    this.startNext()
  }

  private report(job: QueuedJob, change: Partial<JobSnapshot>): void {
    job.change(change, this.options.now())
    this.save(job)
    this.options.onSnapshot(job.snapshot)
    if (isActive(job.snapshot)) return
    const waiting = this.waiting.get(job.snapshot.id) ?? []
    this.waiting.delete(job.snapshot.id)
    for (const resolve of waiting) resolve(job.snapshot)
  }

  /** What the store cannot take now, because another program has it, is no reason to hold up the job: it is tried again. */
  private save(job: QueuedJob): void {
    try {
      this.options.store.update(job.snapshot)
      job.isUnsaved = false
    } catch (error) {
      if (!job.isUnsaved)
        this.trouble(`The ${nameOf(job)} could not be noted: ${error instanceof Error ? error.message : String(error)}`)
      job.isUnsaved = true
    }
  }

  private keep(spec: JobSpec, snapshot: JobSnapshot, secret: string | null = null): QueuedJob {
    const job = new QueuedJob(spec, snapshot, secret)
    this.jobs.set(snapshot.id, job)
    if (isActive(snapshot)) this.learnDisks(job)
    return job
  }

  private get(id: string, states: readonly JobSnapshot['state'][]): QueuedJob {
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

/** For the log. */
function nameOf({ snapshot }: QueuedJob): string {
  return `job ${snapshot.kind} of ${snapshot.sourceName}`
}
