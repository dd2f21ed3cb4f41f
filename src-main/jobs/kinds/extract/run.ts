import type { ConflictQuestion } from '../../../../src-shared/model'
import type { JobResultOf } from '../../../../src-shared/contract/jobs'
import { keptStageName } from '../../../sinks/stage-name'
import { CancelledError } from '../../../task'
import { extractImage, smartDestination } from '../from-image/extract-image'
import type { JobOutcome, JobTask } from '../job-kind'
import { askTakenOver } from './ask-taken-over'
import type { ExtractSpec } from './spec'

/** Throws as {@link extractImage} does. */
export async function runExtraction(spec: ExtractSpec, task: JobTask): Promise<JobOutcome<JobResultOf<'extract'>>> {
  const opened = await task.open(spec.source)
  try {
    let { destination } = spec
    const ask = (question: ConflictQuestion) => task.ask({ kind: 'conflict', ...question })
    const takenOver = task.isTakenOver && !spec.smart ? askTakenOver(spec.conflicts, ask) : null
    const written = await extractImage({
      opened,
      view: opened.image.view(spec.view),
      knownHashes: task.knownHashes(opened, spec.source, spec.view),
      selection: { paths: spec.paths, ...(spec.children ? { children: spec.children } : {}) },
      layout:
        spec.keepPathsFrom !== undefined
          ? { kind: 'full', from: spec.keepPathsFrom }
          : { kind: spec.paths === null || spec.keepPaths ? 'full' : 'selected' },
      control: task,
      onOutcome: (outcome) => {
        task.problem(outcome)
      },
      rename: spec.rename,
      names: spec.names,
      attributes: spec.attributes,
      where: (table, selection) => {
        if (!spec.smart) return { destination, folder: null }
        const smart = smartDestination(table, selection, destination, opened.image.info.name)
        ;({ destination } = smart)
        return smart
      },
      conflicts: takenOver?.conflicts ?? (spec.smart ? 'rename' : spec.conflicts),
      keepsTopApart: spec.smart,
      ask: takenOver?.ask ?? ask,
      keptStageName: keptStageName(task.id),
      // Its names are free ones, and would be others the next time: what stands there by then must be known for its own.
      ...(spec.smart
        ? {
            onLastStep: (item, whole) => {
              task.ready({ result: { kind: 'extract', ...whole }, destination }, item)
            },
          }
        : {}),
      onMade: (made) => {
        if (made) task.made(made)
      },
      onStopped: (error) => {
        if (error instanceof CancelledError) task.stopping()
      },
      // The disk may come back; what was written so far is kept for the retry.
      keepStageOn: (error) => (error as { code?: string }).code === 'SOURCE_GONE',
    })
    return { result: { kind: 'extract', ...written }, destination }
  } finally {
    await opened.close()
  }
}
