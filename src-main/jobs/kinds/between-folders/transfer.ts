import type { JobSpec, JobResult, JobSummary } from '../../../../src-shared/model'
import { freeName, nameRulesFor } from '../../../extract/safe-names'
import { copyTrees } from '../../../files/copy/copy-tree'
import type { CopyDecision, CopyRequest } from '../../../files/copy/request'
import { keptStageName } from '../../../sinks/stage-name'
import { CancelledError } from '../../../task'
import type { JobOutcome, JobTask } from '../job-kind'
import type { TransferSpec } from './transfer-spec'

/** FAT keeps times in steps of two seconds; less apart than that is the same time. */
const SAME_TIME_MS = 2000n

/** Copies or moves as the spec says. Throws as {@link copyTrees} does. */
export async function transfer<Result extends JobResult>(
  spec: TransferSpec & JobSpec,
  { move }: { move: boolean },
  task: JobTask,
  resultOf: (written: JobSummary) => Result,
): Promise<JobOutcome<Result>> {
  task.begin()
  // What is copied is in place as it is copied.
  task.commit()
  const rules = nameRulesFor(process.platform)
  const { paths, destination } = spec
  const outcomeOf = (written: JobSummary): JobOutcome<Result> => ({ result: resultOf(written), destination })
  const written = await copyTrees({
    paths,
    destination,
    move,
    stageName: keptStageName(task.id),
    onFinished: (done) => {
      task.ready(outcomeOf(done))
    },
    freeName: (name, isTaken) => freeName(name, isTaken, rules),
    checkpoint: () => task.checkpoint(),
    decide: decider(spec, task),
    progress: (progress) => {
      task.progress(progress)
    },
    onOutcome: (outcome) => {
      task.problem(outcome)
    },
  })
  return outcomeOf(written)
}

function decider(spec: TransferSpec, task: JobTask): CopyRequest['decide'] {
  let policy = spec.conflicts
  return async (source, target, from, to): Promise<CopyDecision> => {
    let choice = policy
    if (choice === 'ask') {
      const answer = await task.ask({
        kind: 'conflict',
        path: source,
        destinationPath: target,
        incoming: { byteLength: lengthOf(from), modified: Number(from.mtimeMs), kind: kindOf(from) },
        existing: { byteLength: lengthOf(to), modified: Number(to.mtimeMs), kind: kindOf(to) },
      })
      if (answer.choice === 'cancel') throw new CancelledError()
      if (answer.forAll) policy = answer.choice
      choice = answer.choice
    }
    if (choice === 'newer') return from.mtimeMs > to.mtimeMs + SAME_TIME_MS ? 'overwrite' : 'skip'
    if (choice === 'different')
      return from.size === to.size && isWithin(from.mtimeMs - to.mtimeMs, SAME_TIME_MS) ? 'skip' : 'overwrite'
    return choice
  }
}

function kindOf(stat: { isDirectory(): boolean; isSymbolicLink(): boolean }): string {
  return stat.isDirectory() ? 'directory' : stat.isSymbolicLink() ? 'symlink' : 'file'
}

function lengthOf(stat: { isFile(): boolean; size: bigint }): number {
  return stat.isFile() ? Number(stat.size) : 0
}

function isWithin(difference: bigint, limit: bigint): boolean {
  return difference <= limit && -difference <= limit
}
