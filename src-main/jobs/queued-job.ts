import type { JobSnapshot, JobSpec } from '../../src-shared/model'
import { Throttle } from '../task'
import type { JobProgress, RunningJob } from './running-job'
import { TransferRate } from './transfer-rate'

/** A job at work that has told nothing for so long is worth a word: its disk may not answer. */
export const SILENT_MS = 120_000
const SNAPSHOT_EVERY_MS = 100
const STORE_EVERY_MS = 2000

/** Of a job that does not move just now. */
export const STANDING = { bytesPerSecond: 0, entriesPerSecond: 0, secondsLeft: null }

/** What the queue knows of one job: its newest snapshot, who works on it, how fast it goes and when it was heard of. */
export class QueuedJob {
  running: RunningJob | null = null
  /** Null while it is being found out. */
  disks: readonly string[] | null = null
  /** Since when that is being found out. */
  askedAt = 0
  isTakenOver = false
  /** The store could not take its newest snapshot. */
  isUnsaved = false
  private readonly rate = new TransferRate()
  private readonly entryRate = new TransferRate()
  /** When its thread told something last. */
  private lastAliveAt = 0
  private isSilent = false
  private readonly snapshotThrottle = new Throttle(SNAPSHOT_EVERY_MS)
  private readonly storing = new Throttle(STORE_EVERY_MS)

  constructor(
    readonly spec: JobSpec,
    public snapshot: JobSnapshot,
    readonly secret: string | null,
  ) {}

  /** It starts, or stands still: the time until it goes on is no part of its speed. */
  rest(now: number): void {
    this.rate.reset()
    this.entryRate.reset()
    this.lastAliveAt = now
    this.isSilent = false
  }

  /** Takes a change that is told and stored at once. */
  change(change: Partial<JobSnapshot>, now: number): void {
    this.snapshot = { ...this.snapshot, ...change }
    this.snapshotThrottle.reset(now)
    this.storing.reset(now)
  }

  /** Takes what its thread tells. @returns whether that is to be told on, and to be stored, now */
  advance(progress: JobProgress, now: number): { isToTell: boolean; isToStore: boolean } {
    this.lastAliveAt = now
    this.isSilent = false
    const snapshot: JobSnapshot = { ...this.snapshot, ...progress, isSilent: false }
    if (snapshot.state === 'running') {
      this.rate.add(now, snapshot.bytesDone)
      this.entryRate.add(now, snapshot.entriesDone)
      snapshot.bytesPerSecond = this.rate.perSecond()
      snapshot.entriesPerSecond = this.entryRate.perSecond()
      snapshot.secondsLeft = this.rate.secondsLeft(snapshot.bytesTotal)
    }
    this.snapshot = snapshot
    // The turn from counting to working, and what it has come to, are told whenever they come.
    if (progress.isCounting === false || progress.result !== undefined) this.snapshotThrottle.reset(now)
    else if (!this.snapshotThrottle.isDue(now)) return { isToTell: false, isToStore: false }
    return { isToTell: true, isToStore: this.storing.isDue(now) }
  }

  /** Whether it has gone silent since this was last asked: it is at work, waits for no answer, and tells nothing. */
  goesSilent(now: number): boolean {
    const { state, question } = this.snapshot
    if (this.isSilent || state !== 'running' || question !== null || now - this.lastAliveAt < SILENT_MS) return false
    this.isSilent = true
    return true
  }
}
