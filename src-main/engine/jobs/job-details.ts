import fs from 'node:fs/promises'
import path from 'node:path'
import { because } from '../../../src-shared/model'
import type { CommandOutput, CommandRequest } from '../../../src-shared/contract'
import { IsoldeError } from '../../../src-shared/contract/errors'
import { openPlainFileHandle } from '../../files/plain-file'
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

/**
 * The job of one that has failed, once more, into another folder; the failed one leaves the queue.
 * @throws {IsoldeError} `JOB_STATE` where it has not failed, cannot go elsewhere, or had a password, which is not kept
 */
export async function retryInto(services: JobServices, job: string, destination: string): Promise<string> {
  const spec = services.jobs.spec(job)
  const snapshot = services.jobs.list().find(({ id }) => id === job)
  const folder = path.resolve(destination)
  const elsewhere = snapshot?.state === 'failed' ? kindOf(spec).into?.(spec, folder) : undefined
  if (!elsewhere || !snapshot)
    throw new IsoldeError('JOB_STATE', 'This job cannot be tried again in another folder. Start it again.')
  const there = await fs.stat(folder).catch(() => null)
  if (!there?.isDirectory())
    throw new IsoldeError(
      'NOT_A_FOLDER',
      `${folder} is no folder. Choose a folder that is there.`,
      because('notAFolder', { name: folder }),
    )
  const again = services.jobs.add(elsewhere, snapshot.sourceName)
  services.jobs.dismiss(job)
  return again
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
    const handle = await openPlainFileHandle(file)
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
