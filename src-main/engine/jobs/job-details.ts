import fs from 'node:fs/promises'
import type { CommandOutput, CommandRequest } from '../../../src-shared/contract'
import { IsoldeError } from '../../../src-shared/contract/errors'
import { kindOf } from '../../jobs'
import type { JobServices } from './services'
import { readReport, reportPath } from './job-report'

export function jobReport(
  services: JobServices,
  request: CommandRequest<'job.report'>,
): Promise<CommandOutput<'job.report'>> {
  services.jobs.spec(request.job)
  return readReport(reportPath(services.options.home, request.job), request.offset, request.limit)
}

/**
 * Adds jobs for only those files that failed in one that is over.
 * @throws {IsoldeError} `JOB_STATE` where none did, or its kind does not work on files one by one
 */
export async function retryFailed(services: JobServices, job: string): Promise<CommandOutput<'job.retryFailed'>> {
  const spec = services.jobs.spec(job)
  const snapshot = services.jobs.list().find(({ id }) => id === job)
  const { outcomes } = await readReport(reportPath(services.options.home, job), 0, Number.MAX_SAFE_INTEGER)
  const failed = outcomes.filter(
    ({ status, path }) => (status === 'failed' || status === 'partial') && path !== snapshot?.sourceName,
  )
  const again = snapshot?.state === 'done' ? kindOf(spec).onlyFailed?.(spec, failed, snapshot.destination) : []
  if (failed.length === 0 || !again || again.length === 0)
    throw new IsoldeError('JOB_STATE', 'There is nothing in this job that could be tried again by itself.')
  return { jobs: again.map((one) => services.jobs.add(one, snapshot?.sourceName ?? '')) }
}

/** The beginning of a file that a job asks about: of the image, where that is open, or on this computer. */
export async function peekConflict(
  services: JobServices,
  { job, side, byteLength }: CommandRequest<'job.peek'>,
): Promise<CommandOutput<'job.peek'>> {
  const spec = services.jobs.spec(job)
  const question = services.jobs.list().find(({ id }) => id === job)?.question
  if (!question) return { bytes: null }
  if (side === 'existing') return { bytes: await beginningOf(question.destinationPath, byteLength) }
  const incoming = kindOf(spec).incoming?.(spec, question.path) ?? null
  if (!incoming) return { bytes: await beginningOf(question.path, byteLength) }
  const open = services.images.findSource(incoming.source)
  if (!open?.thread) return { bytes: null }
  try {
    const { bytes } = await open.thread.peer.call('read', {
      view: incoming.view,
      path: incoming.path,
      byteOffset: 0,
      byteLength,
    })
    return { bytes }
  } catch {
    // A directory, or damaged: the question is answered without a look inside.
    return { bytes: null }
  }
}

async function beginningOf(file: string, byteLength: number): Promise<Uint8Array | null> {
  try {
    // Only plain files: opening a pipe would wait for somebody to write into it.
    if (!(await fs.lstat(file)).isFile()) return null
    const handle = await fs.open(file, 'r')
    try {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(byteLength), 0, byteLength, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch {
    return null
  }
}
