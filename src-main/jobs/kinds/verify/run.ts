import path from 'node:path'
import type { JobResultOf } from '../../../../src-shared/contract/jobs'
import { type Check, type EntryOutcome, isConsistency, saidOf } from '../../../../src-shared/model'
import { checkImage } from '../../../check'
import { KeyStore } from '../../../trust'
import type { JobOutcome, JobTask } from '../job-kind'
import { reportOf } from './report'
import type { VerifySpec } from './spec'

/** Makes the checks; each that does not pass is a problem. */
export async function runVerification(spec: VerifySpec, task: JobTask): Promise<JobOutcome<JobResultOf<'verify'>>> {
  const opened = await task.open(spec.source)
  try {
    task.begin()
    const { image, file } = opened
    const { name } = image.info
    const request = {
      image,
      file,
      path: spec.source.inside.length === 0 ? opened.path : null,
      name,
      viewId: spec.view,
      isDeep: spec.isDeep,
      sums: [],
      signature: null,
      keys: [],
      storedKeys: new KeyStore(path.join(task.profile, 'keys')).files(),
    }
    const checked = await checkImage(request, task)
    const bad = checked.checks.filter(({ verdict }) => verdict !== 'passed')
    for (const check of bad) task.problem(outcomeOf(check, name))
    const rewritten = opened.rewritten()
    for (const one of rewritten) task.problem({ path: name, to: null, byteLength: 0, status: 'failed', ...saidOf(one) })
    const problems = bad.length + rewritten.length
    const report = await reportOf(spec.source, image, checked)
    // What was read while it changed speaks of no file that anybody has.
    if (rewritten.length === 0) task.keepTrust(opened, spec.source, report)
    return { result: { kind: 'verify', sums: checked.checks.filter(isSum).length, problems, report }, destination: '' }
  } finally {
    await opened.close()
  }
}

/** Length and structures every image has; sums are what it was given to be checked by. */
function isSum({ kind }: Check): boolean {
  return !isConsistency(kind)
}

function outcomeOf({ kind, verdict, detail, details, path: of }: Check, imageName: string): EntryOutcome {
  const code = verdict === 'unreadable' ? 'CHECK_UNREADABLE' : kind === 'length' ? 'IMAGE_TRUNCATED' : 'SUM_MISMATCH'
  return {
    path: of ?? imageName,
    to: null,
    byteLength: 0,
    status: 'failed',
    code,
    message: detail,
    ...(details ? { details } : {}),
  }
}
