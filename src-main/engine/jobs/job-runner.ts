import { toErrorShape } from '../../../src-shared/contract/errors'
import type { ConflictAnswer, JobSpec } from '../../../src-shared/model'
import type { JobHooks, JobRunner, RunningJob, TaskLibrary } from '../../jobs'
import { SharedControl } from '../../task'
import type { JobMethods, JobOwnerMethods, RunRequest } from './job-service'
import { startThread, type Thread } from '../rpc'

/** Asks whichever page holds a dropped file for a slice of it. */
export type AskAnyUpload = (request: { upload: string; byteOffset: number; byteLength: number }) => Promise<Uint8Array>

/** What jobs get of the engine while they run. */
export interface RunnerOptions {
  askUpload: AskAnyUpload
  reportFileOf: (id: string) => string
  catalogPath: () => string
  isOpen: JobOwnerMethods['isOpen']
  removeTraces: RemoveTraces
  library: TaskLibrary
}

/** Removes what a job left at its destination whose thread was ended before it wrote anything. */
export type RemoveTraces = (id: string, spec: JobSpec) => Promise<void>

const REMOVAL_WAIT_MS = 120
/** A thread that has not begun by then never will: a busy computer takes a second or two. */
const BEGIN_WITHIN_MS = 60_000
/** A job that is cancelled and tells nothing any more, because a disk does not answer it, is left to itself. */
const CANCEL_WITHIN_MS = 30_000
const LOOK_EVERY_MS = 1000

/** Runs each job in a thread of its own. */
export function threadRunner(options: RunnerOptions): JobRunner {
  const working = new Map<string, Promise<void>>()
  return (id, spec, hooks, secret, isTakenOver) => {
    const request = {
      id,
      spec,
      secret,
      isTakenOver,
      reportFile: options.reportFileOf(id),
      catalogPath: options.catalogPath(),
    }
    const job = new ThreadJob(request, hooks, options, working.get(id) ?? Promise.resolve())
    working.set(id, job.ended)
    void job.ended.then(() => {
      if (working.get(id) === job.ended) working.delete(id)
    })
    return job
  }
}

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref())

class ThreadJob implements RunningJob {
  private readonly control = new SharedControl()
  private thread: Thread<JobMethods>
  private patience: NodeJS.Timeout
  private hasTriedAgain = false
  /** It was cancelled while it planned: its thread is ended, whatever that says. */
  private isGivenUp = false
  private cancelling: NodeJS.Timeout | undefined
  private lastAliveAt = 0
  private resolveEnded: () => void = () => undefined
  /** Resolves when its threads have ended. */
  readonly ended = new Promise<void>((resolve) => (this.resolveEnded = resolve))

  constructor(
    private readonly request: Omit<RunRequest, 'control'>,
    private readonly hooks: JobHooks,
    private readonly options: RunnerOptions,
    /** Resolves when nobody works on the same job any more: one that was cancelled may still remove what it wrote. */
    private readonly free: Promise<void>,
  ) {
    this.thread = this.begin()
    this.patience = this.wait()
  }

  pause(): void {
    this.control.pause()
  }

  resume(): void {
    this.control.resume()
  }

  cancel(): void {
    this.control.cancel()
    if (this.control.giveUp()) {
      // It only plans, in long steps that hear nothing: its thread goes, and nobody waits.
      const { thread, request } = this
      this.isGivenUp = true
      clearTimeout(this.patience)
      const removed = thread.terminate().then(() => this.options.removeTraces(request.id, request.spec))
      void removed.then(this.resolveEnded)
      void Promise.race([removed, after(REMOVAL_WAIT_MS)]).then(() => {
        this.hooks.end({ state: 'cancelled' })
      })
      return
    }
    if (this.control.isCertain()) {
      // The thread leaves nothing, as soon as it hears of it; nobody need wait for that.
      setTimeout(() => {
        this.hooks.end({ state: 'cancelled' })
      }, REMOVAL_WAIT_MS).unref()
    }
    // If it waits for an answer, this is one.
    this.thread.peer.report('answer', { choice: 'cancel', forAll: true })
    this.lastAliveAt = Date.now()
    this.cancelling ??= setInterval(() => {
      // What is at its last steps goes through them, however many: half of them is nothing that anybody wants.
      if (Date.now() - this.lastAliveAt < CANCEL_WITHIN_MS) return
      this.hooks.end({ state: 'cancelled' })
      void this.thread.terminate()
      this.resolveEnded()
    }, LOOK_EVERY_MS).unref()
  }

  answer(answer: ConflictAnswer): void {
    this.thread.peer.report('answer', answer)
  }

  private begin(): Thread<JobMethods> {
    const { hooks } = this
    const own: JobOwnerMethods = {
      begun: () => {
        clearTimeout(this.patience)
      },
      progress: (progress) => {
        this.lastAliveAt = Date.now()
        hooks.progress(progress)
      },
      soFar: (result) => {
        this.lastAliveAt = Date.now()
        hooks.progress({ result })
      },
      question: (question) => {
        hooks.question(question)
      },
      stopped: () => {
        // Removing many files takes a moment that nobody needs to wait for; few are gone before anybody looks.
        setTimeout(() => {
          hooks.end({ state: 'cancelled' })
        }, REMOVAL_WAIT_MS).unref()
      },
      slice: this.options.askUpload,
      isOpen: this.options.isOpen,
      ...this.options.library,
    }
    const thread = startThread<JobMethods>('job-worker', own)
    this.free
      .then(() => thread.peer.call('run', { ...this.request, control: this.control.memory }))
      .then(
        (answer) => {
          if (thread === this.thread && !this.isGivenUp) hooks.end({ state: 'done', ...answer })
        },
        (error: unknown) => {
          if (thread !== this.thread || this.isGivenUp) return
          const shape = toErrorShape(error)
          hooks.end(shape.code === 'CANCELLED' ? { state: 'cancelled' } : { state: 'failed', error: shape })
        },
      )
      .finally(() => {
        if (thread === this.thread && !this.isGivenUp) {
          clearTimeout(this.patience)
          clearInterval(this.cancelling)
          this.resolveEnded()
        }
        void thread.terminate()
      })
    return thread
  }

  /** Once more where the thread does not begin; then it is given up. */
  private wait(): NodeJS.Timeout {
    return setTimeout(() => {
      const late = this.thread
      if (this.hasTriedAgain) {
        const message = 'The part of Isolde that was to do this does not start. Close other programs, then try again.'
        this.hooks.end({ state: 'failed', error: { code: 'ENGINE_GONE', message } })
        this.resolveEnded()
      } else {
        this.hasTriedAgain = true
        this.thread = this.begin()
        this.patience = this.wait()
      }
      void late.terminate()
    }, BEGIN_WITHIN_MS).unref()
  }
}
