import { defineStore } from 'pinia'
import { shallowReactive, watch } from 'vue'
import type { JobStartSpec, RescueReport } from '../../../src-shared/contract'
import { call } from '../api'
import { useJobs } from './jobs'

type What = JobStartSpec<'rescue'>

/** What can be saved of images, as far as that was looked for: by the path of the image. */
export const useRescue = defineStore('rescue', () => {
  const jobs = useJobs()
  const reports = shallowReactive(new Map<string, RescueReport>())
  /** The latest job that looks for it, by the path of the image. */
  const plans = shallowReactive(new Map<string, string>())

  // Jobs are cleared from the queue; what they found stays.
  watch(
    () => jobs.over,
    (over) => {
      for (const { result } of over) {
        const report = result?.kind === 'rescue' ? (result as { report?: RescueReport }).report : undefined
        if (report !== undefined && (reports.get(report.path)?.at ?? 0) < report.at) reports.set(report.path, report)
      }
    },
    { immediate: true },
  )

  /** Looks for what can be saved. Also into files that nothing describes, where `isCarving`. */
  async function plan(path: string, isCarving = false): Promise<void> {
    const spec: What = { path, what: 'plan', isCarving }
    plans.set(path, (await call('job.start', { kind: 'rescue', spec })).job)
  }

  return { reports, plans, plan }
})
