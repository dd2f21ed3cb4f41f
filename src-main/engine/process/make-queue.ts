import { randomUUID } from 'node:crypto'
import os from 'node:os'
import type { EventName, EventPayload } from '../../../src-shared/contract'
import { jobSnapshot } from '../../../src-shared/contract/jobs'
import { removeTraces } from '../../extract/stage'
import { JobQueue, kindOf, type JobStore } from '../../jobs'
import { isRunning } from '../../sinks/running'
import type { EngineServices } from '../handlers'
import type { Uploads } from '../images'
import { disksOf, forgetReport, reportPath, taskLibrary, threadRunner, type JobHistory } from '../jobs'
import { JobLog } from './job-log'
import type { ProgramLog } from './program-log'

interface QueueContext {
  /** The profile folder. */
  home: string
  store: JobStore
  /** There once the first job begins. */
  services: () => EngineServices
  uploads: Uploads
  history: JobHistory
  log: ProgramLog
  emit: <Name extends EventName>(name: Name, payload: EventPayload<Name>) => void
  /** Hears of what nobody can do anything about. */
  trouble: (sentence: string) => void
}

/** The engine's queue: its jobs run in threads of their own, and windows, the log and the history hear of each. */
export function makeQueue({ home, store, services, uploads, history, log, emit, trouble }: QueueContext): JobQueue {
  const jobLog = new JobLog(log)
  return new JobQueue({
    store,
    run: threadRunner({
      askUpload: (request) => uploads.askOwner(request),
      reportFileOf: (id) => reportPath(home, id),
      catalogPath: () => services().catalog.path,
      isOpen: ({ imageId, generation }) => services().images.find(imageId)?.opened.generation === generation,
      library: taskLibrary(services),
      removeTraces: async (id, spec) => {
        const destination = kindOf(spec).destination(spec)
        if (destination !== null) await removeTraces(destination, id)
      },
    }),
    onSnapshot: (snapshot) => {
      // The contract knows the results of every kind, the queue only that they have one.
      emit('job.snapshot', snapshot as EventPayload<'job.snapshot'>)
      jobLog.note(snapshot)
      history.note(snapshot)
    },
    onRemoved: (job) => {
      jobLog.forget(job)
      void forgetReport(reportPath(home, job))
      emit('job.removed', { job })
    },
    onAbandoned: ({ destination, id }) => {
      if (destination !== '') void removeTraces(destination, id)
    },
    owner: `${os.hostname()}:${process.pid}:${randomUUID()}`,
    isOwnerAlive,
    disksOf,
    isSnapshot: (snapshot) => jobSnapshot.safeParse(snapshot).success,
    onTrouble: trouble,
    newId: () => randomUUID(),
    now: () => Date.now(),
  })
}

/** An owner on another computer (a shared profile) cannot be asked; its lease runs out by itself. */
function isOwnerAlive(owner: string): boolean {
  const [host, processId] = owner.split(':')
  return host !== os.hostname() || isRunning(Number(processId))
}
