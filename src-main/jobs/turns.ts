import type { QueuedJob } from './queued-job'

/**
 * Which of the jobs that wait may start now: at the same time only on different disks, and nobody overtakes.
 * @param jobs all of them, in the queue's order
 */
export function whoseTurn(jobs: readonly QueuedJob[]): QueuedJob[] {
  const busy = new Set(jobs.flatMap((job) => (job.snapshot.state === 'running' ? (job.disks ?? []) : [])))
  const starting: QueuedJob[] = []
  for (const job of jobs) {
    if (job.snapshot.state !== 'queued') continue
    // Nobody overtakes before it is known whether they would share a disk; that is found out, or given up, in seconds.
    if (job.disks === null) break
    if (!job.disks.some((disk) => busy.has(disk))) starting.push(job)
    // A waiting job keeps its disks from those behind it, or it might wait for ever.
    for (const disk of job.disks) busy.add(disk)
  }
  return starting
}
