import { freeName, nameRulesFor } from '../../../src-main/extract/safe-names'
import { copyTrees } from '../../../src-main/files/copy/copy-tree'
import type { CopyDecision, CopyRequest } from '../../../src-main/files/copy/request'
import type { EntryOutcome, JobSummary } from '../../../src-shared/model'

export interface Ran {
  summary: JobSummary
  outcomes: EntryOutcome[]
}

/**
 * Copies or moves with one answer for every conflict.
 * @param between called at every checkpoint
 * @param onProgress told of what is being worked on, also while sources are removed
 */
export async function run(
  paths: string[],
  destination: string,
  options: {
    move?: boolean
    decision?: CopyDecision
    between?: () => void | Promise<void>
    onProgress?: CopyRequest['progress']
    stageName?: string
  } = {},
): Promise<Ran> {
  const outcomes: EntryOutcome[] = []
  const rules = nameRulesFor(process.platform)
  const request: CopyRequest = {
    paths,
    destination,
    move: options.move ?? false,
    decide: () => options.decision ?? 'fail',
    freeName: (name, isTaken) => freeName(name, isTaken, rules),
    checkpoint: options.between ?? (() => undefined),
    progress: options.onProgress ?? (() => undefined),
    onOutcome: (outcome) => outcomes.push(outcome),
    ...(options.stageName === undefined ? {} : { stageName: options.stageName }),
  }
  return { summary: await copyTrees(request), outcomes }
}
