import type { EventPayload } from '../../../src-shared/contract'

type JobSnapshot = EventPayload<'job.snapshot'>

/** A job as the engine would tell of it. */
export function job(changes: Partial<JobSnapshot> = {}): JobSnapshot {
  return {
    id: 'job-1',
    kind: 'extract',
    state: 'running',
    title: { code: 'title', parameters: { source: changes.sourceName ?? 'debian-12.iso', destination: 'tmp' } },
    sourceName: 'debian-12.iso',
    destination: '/tmp',
    position: 1,
    bytesDone: 449_000_000,
    bytesTotal: 660_000_000,
    entriesDone: 812,
    entriesTotal: 1_204,
    current: 'pool/main/l/linux/linux-image-6.1.0-10-amd64_6.1.38-2_amd64.deb',
    bytesPerSecond: 212_000_000,
    secondsLeft: 3,
    question: null,
    result: null,
    problems: [],
    error: null,
    createdAt: 1,
    ...changes,
  }
}
