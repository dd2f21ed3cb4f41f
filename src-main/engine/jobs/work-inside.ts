import { isDeepStrictEqual } from 'node:util'
import type { ImageSource } from '../../jobs'
import type { JobServices } from './services'
import { sourceOf, startJob } from './start-job'

const KIND = 'index-inside'
const ACTIVE = new Set(['queued', 'running', 'paused'])

/** Has what an open image carries read by a job that nobody is told of; one that is at it already does. */
export async function workInside(services: JobServices, image: { image: number; generation: number }): Promise<void> {
  const { jobs } = services
  const source = sourceOf(services, image)
  const isAtIt = jobs.list().some(({ id, kind, state }) => {
    if (kind !== KIND || !ACTIVE.has(state)) return false
    const { path, inside } = (jobs.spec(id) as unknown as { source: ImageSource }).source
    return isDeepStrictEqual({ path, inside }, { path: source.path, inside: source.inside })
  })
  if (isAtIt) return
  const job = await startJob(services, { kind: KIND, spec: { ...image, isEverything: false } }, true)
  await jobs.ended(job)
  // Nobody has asked for it. Somebody may have taken it off the list already.
  if (jobs.list().some(({ id }) => id === job)) jobs.dismiss(job)
}
