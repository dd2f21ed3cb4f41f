import path from 'node:path'
import type { CommandOutput } from '../../../src-shared/contract'
import { freeBytes } from '../../files/places'
import { jobReport, peekConflict, retryFailed, retryInto, selectionOf, startJob } from '../jobs'
import type { Domain } from './handler-types'
import type { EngineServices } from './services'

export function jobHandlers(services: EngineServices): Domain<'job'> {
  const { images, jobs } = services
  return {
    'job.start': async (start) => ({ job: await startJob(services, start) }),
    'job.preview': async (request, { signal }) => {
      const thread = images.readable(request.image, request.generation)
      const selection = await selectionOf(services, request)
      const destination = path.resolve(request.destination)
      const { view, keepPaths, names } = request
      const [preview, free] = await Promise.all([
        thread.peer.call('preview', { view, selection, destination, keepPaths, names }, signal),
        freeBytes(destination),
      ])
      return { ...preview, freeBytes: free }
    },
    // As `job.snapshot`: the queue knows only that each kind has a result.
    'job.list': () => ({ jobs: jobs.list() as CommandOutput<'job.list'>['jobs'] }),
    'job.pause': ({ job }) => {
      jobs.pause(job)
      return {}
    },
    'job.resume': ({ job }) => {
      jobs.resume(job)
      return {}
    },
    'job.cancel': ({ job }) => {
      jobs.cancel(job)
      return {}
    },
    'job.move': ({ job, before }) => {
      jobs.move(job, before)
      return {}
    },
    'job.retry': ({ job }) => {
      jobs.retry(job)
      return {}
    },
    'job.retryFailed': ({ job }) => retryFailed(services, job),
    'job.retryInto': async ({ job, destination }) => ({ job: await retryInto(services, job, destination) }),
    'job.dismiss': ({ job }) => {
      jobs.dismiss(job)
      return {}
    },
    'job.answer': ({ job, answer }) => {
      jobs.answer(job, answer)
      return {}
    },

    'job.report': (request) => jobReport(services, request),
    'job.peek': (request) => peekConflict(services, request),
  }
}
