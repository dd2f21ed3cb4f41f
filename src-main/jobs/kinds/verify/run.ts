import type { JobResultOf } from '../../../../src-shared/contract/jobs'
import type { Check, EntryOutcome } from '../../../../src-shared/model'
import { findSumsBeside } from '../../../files/sums-beside'
import { verifyImage } from '../../../verify/verify'
import type { JobOutcome, JobTask } from '../job-kind'
import type { VerifySpec } from './spec'

/** Makes the checks; each that does not pass is a problem. */
export async function runVerification(spec: VerifySpec, task: JobTask): Promise<JobOutcome<JobResultOf<'verify'>>> {
  const opened = await task.open(spec.source)
  try {
    task.begin()
    const { name } = opened.image.info
    const { path, file } = opened
    const isWhole = path !== null && spec.source.inside.length === 0
    const wholeFile = { file, sums: isWhole ? findSumsBeside(path) : [] }
    const { checks } = await verifyImage(opened.image, spec.view, task, wholeFile)
    const bad = checks.filter(({ verdict }) => verdict !== 'passed')
    for (const check of bad) task.problem(outcomeOf(check, name))
    const rewritten = opened.rewritten()
    for (const { code, message } of rewritten)
      task.problem({ path: name, to: null, byteLength: 0, status: 'failed', code, message })
    const problems = bad.length + rewritten.length
    return { result: { kind: 'verify', sums: checks.filter(isSum).length, problems }, destination: '' }
  } finally {
    await opened.close()
  }
}

/** Length and structures every image has; sums are what it was given to be checked by. */
function isSum({ kind }: Check): boolean {
  return kind !== 'length' && kind !== 'structures'
}

function outcomeOf({ kind, verdict, detail, path: of }: Check, imageName: string): EntryOutcome {
  const code = verdict === 'unreadable' ? 'CHECK_UNREADABLE' : kind === 'length' ? 'IMAGE_TRUNCATED' : 'SUM_MISMATCH'
  return { path: of ?? imageName, to: null, byteLength: 0, status: 'failed', code, message: detail }
}
