import {
  because,
  type ConflictPolicy,
  type EntryOutcome,
  type JobSummary,
  type NamePattern,
} from '../../src-shared/model'
import type { EntryTable } from '../image/core/entry-table'
import path from 'node:path'
import { AttributeWriter } from './attribute-writer'
import { commitStage, type LateRenames } from './commit'
import { lookAtMade, type MadeItem } from './made'
import { resolveConflicts, type AskConflict, type Resolution } from './conflicts'
import { type Control, CancelledError } from '../task'
import { checkRoom, foldsCase } from './destination-check'
import { asWriteError } from './extract-error'
import { PoolWorker } from './pool-worker'
import { LinkCheck, lookBelow } from './link-check'
import { tooLongNodes, type Layout, type Plan } from './plan'
import { applyOriginMark, readOriginMark, type OriginMark } from './origin-mark'
import { nameRulesFor } from './safe-names'
import { patternNames } from './pattern-names'
import { readyItem, type ReadyItem } from '../sinks/ready-item'
import type { Wanted } from '../sinks/room'
import { selectEntries, type Selection, type SelectionRequest } from './selection'
import { settledPlan } from './settled-plan'
import { openStage, type Stage } from './stage'
import { reportOutcomes, type Exceptions } from './report'
import { isWrittenAlone, type WriteAttributes } from './file-writer'
import { recordedIn } from '../image/core/byte-source'
import { findSums, type ExpectedSum } from '../image/sums/sums'
import { TreeWriter } from './tree-writer'

/** Finds what the bytes of a table's entries must give, by entry number. */
export type FindSums = (table: EntryTable) => Promise<ReadonlyMap<number, ExpectedSum>>

export interface ExtractRequest {
  /** Where the image file lies, for the mark of where it came from; absent for bytes without a file. */
  imagePath?: string
  table: EntryTable
  selection: SelectionRequest
  layout: Layout
  /** Other names for files. */
  names?: NamePattern | null
  /** A folder to make inside the destination and put everything into; null for none. */
  folder?: string | null
  destination: string
  conflicts: ConflictPolicy
  ask?: AskConflict
  /** A top-level folder that is already there is a conflict instead of being merged into. */
  keepsTopApart?: boolean
  /** The sums that contents are compared with while they are written; absent: those that the table itself carries. */
  sums?: FindSums
  control: Control
  /** Beyond contents, times and modes; all off where absent. */
  attributes?: Partial<WriteAttributes>
  /**
   * Told once everything stands under its final name, entry by entry in the image's order; where there is an `onLastStep` to
   * hear it, just before that.
   */
  onOutcome?: (outcome: EntryOutcome) => void
  /** The stage's name for a job that may go on in another process; where it is found again, finished files are kept. */
  keptStageName?: string
  /** Leaves the stage where it is when the extraction stops halfway for this reason, so that it can be resumed. */
  keepStageOn?: (error: unknown) => boolean
  /**
   * Told when nothing is left to do but one step, which gives one thing its final name: by what it can be recognised after
   * it, and what will have been done. Not told where several things have to be moved in.
   */
  onLastStep?: (item: ReadyItem, summary: JobSummary) => void | Promise<void>
  /** Told at the end what is new, so that it can be removed again; null where it is too much to be looked at. */
  onMade?: (made: MadeItem[] | null) => void
  /** Nothing is written any more; what was staged is about to be removed, which may take a moment. */
  onStopped?: (error: unknown) => void
}

/** Linux: PATH_MAX less the final zero. */
const PATH_LIMIT = process.platform === 'win32' ? 32_000 : 4095

/**
 * Extracts entries into a folder: planned first, written to a stage on the same disk, moved to the final names at the
 * end. Whatever goes wrong before that, the destination is as it was.
 * @throws {ExtractError} `NAME_TAKEN`, `NO_SPACE`, `NO_PERMISSION`, … before the first byte wherever that can be known;
 *   {@link CancelledError}; {@link SourceError} `SOURCE_GONE`
 */
export async function extract(request: ExtractRequest): Promise<JobSummary> {
  const selection = selectEntries(request.table, request.selection)
  const stage = openStage(request.destination, request.keptStageName)
  let workers: readonly PoolWorker[] = []
  try {
    if (!isWrittenAlone(stage, request.attributes)) workers = PoolWorker.startFor(request.table, selection)
    const outcome = await fillAndCommit(request, selection, stage, workers)
    stage.finish()
    return outcome
  } catch (error) {
    if (request.keepStageOn?.(error) === true) stage.keep()
    else {
      request.onStopped?.(error)
      stage.discard()
    }
    throw isKnown(error) ? error : asWriteError(error, stage.destination)
  } finally {
    await Promise.all(workers.map((worker) => worker.end()))
  }
}

async function fillAndCommit(
  request: ExtractRequest,
  selection: Selection,
  stage: Stage,
  workers: readonly PoolWorker[],
): Promise<JobSummary> {
  const rules = nameRulesFor(process.platform, foldsCase(stage.folder))
  const names = request.names ? patternNames(request.table, selection, request.names) : null
  const look = lookBelow(stage.destination)
  const plan = settledPlan([request.table, selection, request.layout, rules, request.folder ?? null, names], look)
  const resolution = await conflictsOf(request, plan, stage, rules)
  const exceptions: Exceptions = new Map()
  leaveOut(tooLongNodes(plan, stage.destination, PATH_LIMIT), resolution, exceptions)
  const attributes = { sparse: false, owners: false, modes: false, xattrs: false, ...request.attributes }
  const attributeWriter = attributes.xattrs ? await AttributeWriter.load() : null
  const wanted = measure(plan, resolution, attributes)
  // What an interrupted run has written already needs no room again; then writing itself tells.
  if (!stage.isResumed) checkRoom(stage.folder, stage.destination, wanted)
  // A program has to be asked for it, which takes as long as writing a small image: meanwhile the files are written.
  const marking = request.imagePath === undefined ? null : readOriginMark(request.imagePath)
  const sums = await (request.sums ?? findSums)(request.table)
  const { control } = request
  control.begin?.()
  control.progress({
    bytesTotal: wanted.byteTotal,
    entriesTotal: plan.length - 1 - resolution.skipped.size,
    isCounting: false,
  })
  const links = new LinkCheck(plan, rules, look, (node) => resolution.skipped.has(node))
  const writer = new TreeWriter(plan, resolution, stage, control, exceptions, sums, attributes, workers, links)
  await writer.writeAll(attributeWriter)
  const lostAttributes = attributeWriter?.takeLost() ?? null
  const mark = await marking
  const isUnmarked = mark !== null && !carryMark(mark, plan, stage, writer)
  control.commit?.()
  const isStaged = (node: number): boolean => writer.isWritten(node)
  const report = (late: LateRenames, onOutcome = request.onOutcome): JobSummary => {
    const summary = reportOutcomes({ plan, selection, resolution, late, exceptions, onOutcome })
    return {
      ...summary,
      ...(isUnmarked ? { isUnmarked } : {}),
      ...(lostAttributes === null ? {} : { lostAttributes }),
    }
  }
  const item = request.onLastStep ? lastItem(stage, plan, isStaged) : null
  if (item) await request.onLastStep?.(item, report(new Set()))
  const merged = new Set<number>()
  const late = commitStage(stage, plan, resolution, rules, isStaged, merged)
  const { destination } = stage
  request.onMade?.(lookAtMade({ plan, destination }, resolution, merged, isStaged, stage.destinationFolder === null))
  if (!item) return report(late)
  // The rest was told before; a name that was taken at the last moment could not be.
  const isLate = new Set(Array.from(late, (node) => plan.sourcePathOf(node)))
  return report(late, (outcome) => {
    if (isLate.has(outcome.path)) request.onOutcome?.(outcome)
  })
}

/** What the last step moves in, where one is enough: the whole stage, or all that is in it. */
function lastItem(stage: Stage, plan: Plan, isStaged: (node: number) => boolean): ReadyItem | null {
  if (!stage.destinationFolder) return readyItem(stage.path, path.dirname(stage.destination))
  const top = (plan.childLists().get(0) ?? []).filter(isStaged)
  const [only] = top
  return only === undefined || top.length > 1
    ? null
    : readyItem(path.join(stage.path, plan.nameOf(only)), stage.destination)
}

function leaveOut(nodes: readonly number[], resolution: Resolution, exceptions: Exceptions): void {
  for (const node of nodes) {
    resolution.skipped.add(node)
    exceptions.set(node, {
      status: 'failed',
      code: 'NAME_TOO_LONG',
      message: `Its path would be longer than the ${PATH_LIMIT} bytes that the system takes. Choose a destination with a shorter path, or extract it with --flat.`,
      details: because('pathLimit', { limit: PATH_LIMIT }),
    })
  }
}

/** Before the final names: a file that warns must warn from its first moment on. Answers whether every file does. */
function carryMark(mark: OriginMark, plan: Plan, stage: Stage, writer: TreeWriter): boolean {
  const files: string[] = []
  for (let node = 1; node < plan.length; node++)
    if (writer.isWritten(node) && !plan.isDirectory(node) && plan.table.kindOf(plan.entryOf(node)) === 'file')
      files.push(path.join(stage.path, plan.pathOf(node)))
  return applyOriginMark(mark, files)
}

async function conflictsOf(
  request: ExtractRequest,
  plan: Plan,
  stage: Stage,
  rules: ReturnType<typeof nameRulesFor>,
): Promise<Resolution> {
  if (!stage.destinationFolder) return { skipped: new Set(), overwritten: new Set(), numbered: new Set() }
  return resolveConflicts(plan, stage.destinationFolder, request.conflicts, rules, request)
}

interface Measured extends Wanted {
  largest: NonNullable<Wanted['largest']>
  /** Of the contents, as a person counts them. */
  byteTotal: number
}

function measure(plan: Plan, resolution: Resolution, { sparse }: WriteAttributes): Measured {
  const measured: Measured = { byteTotal: 0, diskBytes: 0, largest: { path: '', byteLength: 0 } }
  const linked = new Set<number>()
  let largestNode = 0
  for (let node = 1; node < plan.length; node++) {
    if (plan.isDirectory(node) || resolution.skipped.has(node)) continue
    const entry = plan.entryOf(node)
    const byteLength = plan.table.byteLengthOf(entry)
    measured.byteTotal += byteLength
    if (byteLength > measured.largest.byteLength) {
      measured.largest.byteLength = byteLength
      largestNode = node
    }
    // How much of a file is zeros is only known when it has been read; then writing tells whether it fits.
    if (sparse) continue
    const group = plan.table.hardLinkGroupOf(entry)
    if (group < 0 || !linked.has(group)) measured.diskBytes += storedBytes(plan.table, entry)
    if (group >= 0) linked.add(group)
  }
  measured.largest.path = plan.pathOf(largestNode)
  return measured
}

/** What is not in the image becomes a hole. */
function storedBytes(table: EntryTable, entry: number): number {
  const byteLength = table.byteLengthOf(entry)
  const status = byteLength > 0 ? table.statusOf(entry) : 'complete'
  if (status === 'complete') return byteLength
  const content = status === 'partial' ? table.content(entry) : null
  return content ? recordedIn(content, 0, byteLength) : 0
}

function isKnown(error: unknown): boolean {
  return error instanceof CancelledError || (error instanceof Error && error.name === 'SourceError')
}
