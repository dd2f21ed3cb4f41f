import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { FoundImage, JobResultOf } from '../../../src-shared/contract'
import type { JobSnapshot } from '../../../src-shared/model'
import { call } from '../api'
import { useJobs } from './jobs'

/** Searches of disks for disc images: by the path of the disk, or of an image of one. */
export const useLostImages = defineStore('lostImages', () => {
  const jobs = useJobs()
  /** What was started last of a disk, before it has told anything. */
  const started = shallowReactive(new Map<string, string>())

  /** @param isResumed what an earlier search has looked at is not looked at again */
  async function search(source: string, isResumed: boolean): Promise<void> {
    started.set(source, (await call('job.start', { kind: 'find', spec: { source, isResumed } })).job)
  }

  /** The latest search of a disk; null where there is none in the queue. */
  function jobOf(source: string): JobSnapshot | null {
    const last = started.get(source)
    return jobs.all.findLast((job) => job.id === last || foundBy(job)?.source === source) ?? null
  }

  /** Copies finds into a folder; each is checked. */
  async function save(found: JobResultOf<'find'>, chosen: readonly FoundImage[], destination: string): Promise<void> {
    const { source, sourceByteLength } = found
    const finds = chosen.flatMap(({ name, runs }) => (runs === null ? [] : [{ name, runs }]))
    await call('job.start', { kind: 'save-finds', spec: { source, sourceByteLength, finds, destination } })
  }

  return { search, jobOf, save }
})

/** What a search has come to, so far; null of any other job. */
export function foundBy({ result }: JobSnapshot): JobResultOf<'find'> | null {
  return result?.kind === 'find' ? (result as JobResultOf<'find'>) : null
}
