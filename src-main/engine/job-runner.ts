import { toErrorShape } from '../../src-shared/contract/errors'
import type { ConflictAnswer, JobHooks, JobRunner, RunningJob } from '../jobs'
import { JobControl } from './job-control'
import type { JobMethods, JobOwnerMethods, RunRequest } from './job-service'
import { startThread, type Thread } from './threads'

/** Asks whichever page holds a dropped file for a slice of it. */
export type AskAnyUpload = (request: { upload: string; byteOffset: number; byteLength: number }) => Promise<Uint8Array>

const REMOVAL_WAIT_MS = 120
/** A thread that has not begun by then never will: a busy computer takes a second or two. */
const BEGIN_WITHIN_MS = 60_000
/** A job that is cancelled and tells nothing any more, because a disk does not answer it, is left to itself. */
const CANCEL_WITHIN_MS = 30_000
const LOOK_EVERY_MS = 1000

/** Runs each job in a thread of its own. */
export function threadRunner(askUpload: AskAnyUpload, reportFileOf: (id: string) => string): JobRunner {
  return (id, spec, hooks, secret, isTakenOver) =>
    new ThreadJob({ id, spec, secret, isTakenOver, reportFile: reportFileOf(id) }, hooks, askUpload)
}

class ThreadJob implements RunningJob {
  private readonly control = new JobControl()
  private thread: Thread<JobMethods>
  private patience: NodeJS.Timeout
  private hasTriedAgain = false
  private cancelling: NodeJS.Timeout | undefined
  private heardAt = 0

  constructor(
    private readonly request: Omit<RunRequest, 'control'>,
    private readonly hooks: JobHooks,
    private readonly askUpload: AskAnyUpload,
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
    // If it waits for an answer, this is one.
    this.thread.peer.tell('answer', { choice: 'cancel', forAll: true })
    this.heardAt = Date.now()
    this.cancelling ??= setInterval(() => {
      // What is at its last steps goes through them, however many: half of them is nothing that anybody wants.
      if (Date.now() - this.heardAt < CANCEL_WITHIN_MS) return
      this.hooks.end({ state: 'cancelled' })
      void this.thread.terminate()
    }, LOOK_EVERY_MS).unref()
  }

  answer(answer: ConflictAnswer): void {
    this.thread.peer.tell('answer', answer)
  }

  private begin(): Thread<JobMethods> {
    const { hooks } = this
    const own: JobOwnerMethods = {
      begun: () => {
        clearTimeout(this.patience)
      },
      progress: (progress) => {
        this.heardAt = Date.now()
        hooks.progress(progress)
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
      slice: this.askUpload,
    }
    const thread = startThread<JobMethods>('job-worker', own)
    thread.peer
      .call('run', { ...this.request, control: this.control.memory })
      .then(
        (answer) => {
          if (thread === this.thread) hooks.end({ state: 'done', ...answer })
        },
        (error: unknown) => {
          if (thread !== this.thread) return
          const shape = toErrorShape(error)
          hooks.end(shape.code === 'CANCELLED' ? { state: 'cancelled' } : { state: 'failed', error: shape })
        },
      )
      .finally(() => {
        if (thread === this.thread) {
          clearTimeout(this.patience)
          clearInterval(this.cancelling)
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
      } else {
        this.hasTriedAgain = true
        this.thread = this.begin()
        this.patience = this.wait()
      }
      void late.terminate()
    }, BEGIN_WITHIN_MS).unref()
  }
}
