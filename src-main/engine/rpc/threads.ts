import { Worker } from 'node:worker_threads'
import { IsoldeError } from '../../../src-shared/contract/errors'
import { closeNativeGate, newNativeGate } from '../../task'
import { threadHasEnded } from './freed-memory'
import { Peer, type Methods } from './peer'

/** A thread of the engine with its line to it. */
export interface Thread<Remote extends Methods> {
  peer: Peer<Remote>
  /** Whether the process waits for it to end. */
  ref(): void
  unref(): void
  /** Ends it at once; asked again, it answers with the same end. */
  terminate(): Promise<void>
}

/** A hostile image may at worst use up its own thread's memory, in MB. */
const THREAD_HEAP_LIMIT = 2048

/** Where it is written down that a thread has died. One engine a process, so one place for all threads of the process. */
let noteTrouble: (sentence: string) => void = () => undefined

/** Tells of threads that die from now on. A thread that was ended by the engine has not. */
export function onThreadTrouble(note: (sentence: string) => void): void {
  noteTrouble = note
}

export type ThreadName = 'image-worker' | 'job-worker' | 'query-worker' | 'library-worker' | 'project-worker'

/**
 * Starts one of the engine's threads; their entry points lie beside the engine's own.
 * @param onExit told once, when the thread has ended for whatever reason
 */
export function startThread<Remote extends Methods>(
  name: ThreadName,
  own: Methods,
  options: { data?: object; onExit?: (reason: string) => void } = {},
): Thread<Remote> {
  const gate = newNativeGate()
  const worker = new Worker(new URL(`./${name}.js`, import.meta.url), {
    workerData: { ...options.data, ...gate },
    resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_LIMIT },
  })
  const peer = new Peer<Remote>(worker, own)
  let reason = 'it ended by itself'
  worker.on('error', (error) => {
    reason = error instanceof Error ? error.message : String(error)
    noteTrouble(`The thread ${name} has died (${error instanceof Error ? (error.stack ?? reason) : reason}).`)
  })
  worker.on('exit', () => {
    peer.close(new IsoldeError('ENGINE_GONE', `The part of Isolde that worked on this has stopped: ${reason}.`))
    options.onExit?.(reason)
    threadHasEnded()
  })
  let ending: Promise<void> | null = null
  const end = async (): Promise<void> => {
    await closeNativeGate(gate)
    await worker.terminate()
  }
  return {
    peer,
    ref: () => {
      worker.ref()
    },
    unref: () => {
      worker.unref()
    },
    terminate: () => (ending ??= end()),
  }
}
