import { computed, onScopeDispose, shallowReactive, watch, type ComputedRef } from 'vue'
import { viewOf } from '../../jobs/registry'
import { ACTIVE_STATES, useJobs } from '../../data/stores/jobs'
import type { JobSnapshot } from '../../../src-shared/model'

/** What ends within this time is over before anybody has read what it is. */
const QUICK_MS = 500

/** The jobs that the queue shows: those that mostly end at once are shown when they have not. */
export function useShownJobs(): { all: ComputedRef<JobSnapshot[]>; active: ComputedRef<JobSnapshot[]> } {
  const jobs = useJobs()
  const late = shallowReactive(new Set<string>())
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  const isQuick = (job: JobSnapshot): boolean => viewOf(job.kind)?.isOftenQuick === true

  watch(
    () => jobs.all.filter((job) => isQuick(job) && !late.has(job.id)).map(({ id }) => id),
    (ids) => {
      for (const [id, timer] of timers)
        if (!ids.includes(id)) {
          clearTimeout(timer)
          timers.delete(id)
        }
      for (const id of ids)
        if (!timers.has(id)) {
          const show = (): void => {
            timers.delete(id)
            late.add(id)
          }
          timers.set(id, setTimeout(show, QUICK_MS))
        }
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    for (const timer of timers.values()) clearTimeout(timer)
  })

  const isShown = (job: JobSnapshot): boolean => !isQuick(job) || late.has(job.id)
  const all = computed(() => jobs.all.filter(isShown))
  const active = computed(() => all.value.filter(({ state }) => ACTIVE_STATES.includes(state)))
  return { all, active }
}
