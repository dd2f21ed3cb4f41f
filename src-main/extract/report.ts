import { because, type Details, type EntryOutcome, type JobSummary, type Outcome } from '../../src-shared/model'
import { sumMismatchSaid, type ExpectedSum } from '../image/sums/sums'
import type { Resolution } from './conflicts'
import { SYNTHETIC, type Plan } from './plan'
import type { EntryTable } from '../image'
import { WANTED, type Selection } from './selection'

interface Exception {
  status: Outcome
  code: string
  message: string
  details?: Details
}

/** Nodes that did not simply get written, and why. */
export type Exceptions = Map<number, Exception & { byteLength?: number }>

/** Bytes that were written as they could be read, though the medium's own sums say that they are not right. */
export function damaged(problem: string): Exception {
  return { status: 'partial', code: 'CONTENT_DAMAGED', message: problem }
}

/** Of a file that goes on behind what was found of it. */
export function cutContent(): Exception {
  const message = 'It goes on where nothing of it can be found: its end is missing.'
  return { status: 'partial', code: 'CONTENT_DAMAGED', message }
}

/** Bytes that do not give the sum that the image carries for them, or that they gave before. */
export function sumMismatch(sum: ExpectedSum): Exception {
  return { status: 'partial', code: 'SUM_MISMATCH', ...sumMismatchSaid(sum) }
}

interface Report {
  plan: Plan
  selection: Selection
  resolution: Resolution
  late: ReadonlySet<number>
  exceptions: Exceptions
  onOutcome: ((outcome: EntryOutcome) => void) | undefined
}

/** Bytes that cannot be read, and that a file has zeros for. In bytes. */
export function standsAsZeros(missing: number, why = ''): Exception {
  return {
    status: 'partial',
    code: 'CONTENT_DAMAGED',
    message: `${missing} bytes of it cannot be read and stand as zeros${why === '' ? '.' : `: ${why}`}`,
    details: because('standsAsZeros', { missing }),
  }
}

/** A file, or a link, of which nothing can be had. */
export function lostContent(table: EntryTable, entry: number): Exception {
  const lost = { status: 'failed', code: 'CONTENT_LOST' } as const
  if (!table.isEncryptedOf(entry)) return { ...lost, message: 'None of its content is in the image.' }
  const message = 'It is encrypted; without its key nothing can be read of it.'
  return { ...lost, message, details: because('contentEncrypted', {}) }
}

/** Tells what became of every entry that was asked for, in the image's order, and adds it all up. */
export function reportOutcomes(report: Report): JobSummary {
  const { plan, selection, onOutcome } = report
  const summary: JobSummary = { files: 0, directories: 0, symlinks: 0, bytesWritten: 0, problems: 0 }
  for (let node = 1; node < plan.length; node++) {
    const entry = plan.entryOf(node)
    if (entry === SYNTHETIC) continue
    const outcome = outcomeOf(report, node, entry)
    count(summary, plan.table.kindOf(entry), outcome)
    if (onOutcome && (selection.marks[entry] === WANTED || outcome.status !== 'written')) onOutcome(outcome)
  }
  return summary
}

function outcomeOf(report: Report, node: number, entry: number): EntryOutcome {
  const { plan, resolution, late, exceptions } = report
  const path = plan.sourcePathOf(node)
  const isFile = plan.table.kindOf(entry) === 'file'
  const byteLength = isFile ? plan.table.byteLengthOf(entry) : 0
  const exception = exceptions.get(node)
  if (!exception && resolution.skipped.has(node))
    return { path, to: null, byteLength: 0, status: 'skipped', code: 'NAME_TAKEN', message: 'The name was taken.' }
  if (exception) {
    const isWritten = exception.status === 'partial' || exception.status === 'renamed'
    return {
      path,
      to: isWritten ? plan.pathOf(node) : null,
      byteLength: isWritten ? (exception.byteLength ?? byteLength) : 0,
      status: exception.status,
      code: exception.code,
      message: exception.message,
      ...(exception.details ? { details: exception.details } : {}),
    }
  }
  const to = plan.pathOf(node)
  if (late.has(node) || resolution.numbered.has(node) || plan.isNumbered(node))
    return { path, to, byteLength, status: 'renamed', code: 'NAME_TAKEN', message: 'The name was taken.' }
  if (plan.isRenamed(node))
    return { path, to, byteLength, status: 'renamed', code: 'UNSAFE_NAME', message: 'The name is not possible there.' }
  return { path, to, byteLength, status: 'written' }
}

function count(summary: JobSummary, kind: string, outcome: EntryOutcome): void {
  if (outcome.status === 'skipped' || outcome.status === 'failed') {
    summary.problems++
    return
  }
  if (outcome.status === 'partial') summary.problems++
  if (kind === 'directory') summary.directories++
  else if (kind === 'symlink') summary.symlinks++
  else {
    summary.files++
    summary.bytesWritten += outcome.byteLength
  }
}
