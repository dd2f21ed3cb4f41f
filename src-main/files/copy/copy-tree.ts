import fs from 'node:fs'
import path from 'node:path'
import { because, type JobSummary } from '../../../src-shared/model'
import { claimName, sweepAbandoned, type Claim } from '../../sinks/claim'
import { whyNoRoom } from '../../sinks/room'
import { removeQuietly } from '../../sinks/stage-name'
import { systemPath } from '../../sinks/system-path'
import { FileAccessError } from '../listing'
import { Attributes } from './attributes'
import { Keeper, refused } from './content'
import { Finish } from './finish'
import { readJournal, writeJournal, type Journal } from './journal'
import { measure } from './measure'
import { namedOnce } from './named-once'
import { planCopy, type CopyPlan } from './plan'
import type { CopyRequest } from './request'
import { Tally } from './tally'
import { TreeCopy, type Copied } from './tree-copy'

/**
 * Copies or moves files and folders of this computer into a folder: settle names → copy below a hidden stage in the
 * destination → give final names by renames → remove what was moved. Until everything is whole in the stage nothing has
 * changed; after that a process that ends is followed by one that does the rest. A move within one disk is a rename.
 * Links are copied as links.
 * @throws {FileAccessError} where the destination does not allow it at all; sources are then as they were
 */
export async function copyTrees(asked: CopyRequest): Promise<JobSummary> {
  const request = { ...asked, paths: namedOnce(asked.paths) }
  const tally = new Tally(request)
  const kept = request.stageName === undefined ? null : path.join(request.destination, request.stageName)
  if (kept !== null) {
    const known = readJournal(kept)
    if (known) return goOn(request, tally, kept, known)
    removeQuietly(kept)
  }
  const { bytesTotal, entriesTotal } = measure(request.paths)
  request.progress({ bytesTotal, entriesTotal, isCounting: false })
  const plan = await planCopy(request, tally)
  checkRoom(request.destination, plan)
  if (plan.steps.length === 0) return tally.summary
  const attributes = await Attributes.load()
  let claim: Claim | null = null
  let stage: string
  try {
    sweepAbandoned(request.destination)
    // A stage of a job is found again by its name; nobody else removes it.
    if (kept === null) claim = claimName(request.destination)
    stage = kept ?? path.join(request.destination, claim?.name ?? '')
    fs.mkdirSync(systemPath(stage), { mode: 0o700 })
  } catch (error) {
    claim?.release()
    throw refused(error, request.destination)
  }
  const keeper = request.move ? new Keeper() : null
  try {
    const trees = new TreeCopy(request, tally, attributes, plan.written, keeper)
    const journal = await fillStage(request, tally, stage, plan, trees)
    reportLost(request, tally, attributes)
    await keeper?.flush()
    writeJournal(stage, journal)
    await new Finish(request, tally, stage, journal, trees, keeper).run()
    reportLost(request, tally, attributes)
    request.onFinished?.(tally.summary)
  } finally {
    keeper?.close()
    removeQuietly(stage)
    claim?.release()
  }
  return tally.summary
}

async function goOn(request: CopyRequest, tally: Tally, stage: string, journal: Journal): Promise<JobSummary> {
  request.progress({ isCounting: false })
  if (journal.done !== null) tally.take(journal.done)
  for (const problem of journal.problems) tally.report(problem)
  const attributes = await Attributes.load()
  const keeper = request.move ? new Keeper() : null
  try {
    const trees = new TreeCopy(request, tally, attributes, new Set(), keeper)
    await new Finish(request, tally, stage, journal, trees, keeper).run()
  } finally {
    keeper?.close()
  }
  reportLost(request, tally, attributes)
  request.onFinished?.(tally.summary)
  removeQuietly(stage)
  return tally.summary
}

async function fillStage(
  request: CopyRequest,
  tally: Tally,
  stage: string,
  plan: CopyPlan,
  trees: TreeCopy,
): Promise<Journal> {
  const copied = new Map<number, Copied[]>()
  const failed = new Set<number>()
  for (const [at, step] of plan.steps.entries()) {
    if (step.kind !== 'place' || step.staged === null) continue
    const whole = await trees.copy(step.source, path.join(stage, step.staged))
    if (!whole) failed.add(at)
    else if (request.move) copied.set(at, whole)
  }
  // Numbers of steps name what was copied: those that failed stay, as steps of folders whose parts did not come.
  const steps = plan.steps.map((step, at) => (failed.has(at) ? ({ kind: 'nothing' } as const) : step))
  return { steps, copied, problems: tally.problems, done: tally.done, renamed: new Map() }
}

/** Once for all of them: a disk without attributes takes none of any file. */
function reportLost({ destination }: CopyRequest, tally: Tally, attributes: Attributes): void {
  const lost = attributes.takeLost()
  if (lost === null) return
  const names = lost.names.join(', ')
  tally.problem(lost.path, 'partial', {
    code: 'ATTRIBUTES_LOST',
    message: `The disk of ${destination} does not take some attributes (${names}), and ${lost.count} copies lost theirs; the first is ${lost.path}.`,
    details: because('attributesLost', { name: lost.path, count: lost.count, attributes: names, folder: destination }),
  })
}

function stagedSources(plan: CopyPlan): string[] {
  return plan.steps.flatMap((step) => (step.kind === 'place' && step.staged !== null ? [step.source] : []))
}

/** Told before the first byte. @throws {FileAccessError} `NO_SPACE` */
function checkRoom(destination: string, plan: CopyPlan): void {
  const { bytesOnDisk } = measure(stagedSources(plan))
  const why = whyNoRoom(destination, destination, { diskBytes: bytesOnDisk, largest: null })
  if (why !== null) throw new FileAccessError(why.code, why.message, why.details)
}
