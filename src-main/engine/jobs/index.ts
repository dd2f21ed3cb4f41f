/** Jobs as the engine runs them: their threads, what they get of it, their reports. The queue itself is `src-main/jobs/`. */
export { disksOf } from './disks'
export { FailoverJobStore } from './failover-job-store'
export { jobReport, peekConflict, retryFailed } from './job-details'
export { forgetReport, reportPath } from './job-report'
export { threadRunner } from './job-runner'
export type { JobServices } from './services'
export { selectionOf, startJob } from './start-job'
