import { toErrorShape } from '../../src-shared/contract/errors'
import type { JobRunner } from '../jobs'
import { JobControl } from './job-control'
import type { JobMethods, JobOwnerMethods } from './job-service'
import { startThread } from './threads'

/** Asks whichever page holds a dropped file for a slice of it. */
export type AskAnyUpload = (request: { upload: string; byteOffset: number; byteLength: number }) => Promise<Uint8Array>

const REMOVAL_WAIT_MS = 120

/** Runs each job in a thread of its own. */
export function threadRunner(askUpload: AskAnyUpload, reportFileOf: (id: string) => string): JobRunner {
  return (id, spec, hooks, secret) => {
    const control = new JobControl()
    const own: JobOwnerMethods = {
      progress: (progress) => {
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
      slice: askUpload,
    }
    const thread = startThread<JobMethods>('job-worker', own)
    thread.peer
      .call('run', { id, spec, secret, control: control.memory, reportFile: reportFileOf(id) })
      .then(
        (answer) => {
          hooks.end({ state: 'done', ...answer })
        },
        (error: unknown) => {
          const shape = toErrorShape(error)
          hooks.end(shape.code === 'CANCELLED' ? { state: 'cancelled' } : { state: 'failed', error: shape })
        },
      )
      .finally(() => void thread.terminate())
    return {
      pause: () => {
        control.pause()
      },
      resume: () => {
        control.resume()
      },
      cancel: () => {
        control.cancel()
        // If it waits for an answer, this is one.
        thread.peer.tell('answer', { choice: 'cancel', forAll: true })
      },
      answer: (answer) => {
        thread.peer.tell('answer', answer)
      },
    }
  }
}
