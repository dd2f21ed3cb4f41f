import path from 'node:path'
import {
  htmlReport,
  jsonReport,
  lineOf,
  planRescue,
  summaryOf,
  writeItems,
  writeRepaired,
  type Control,
  type PlannedItem,
  type RescuePlan,
  type WrittenItem,
} from '../../../engine'
import { imageArgument, locationOptions, parse, type ValuesOf } from '../../arguments'
import { EXIT, UsageError } from '../../exit-status'
import { watchInterrupts } from '../../interrupts'
import { Output, showable, warn } from '../../output'
import { ProgressLine } from '../../progress-line'
import { rescue } from './definition'

type Values = ValuesOf<typeof rescue>

const MARKS = { proven: 'proven ', whole: 'whole  ', partial: 'PARTIAL', lost: 'LOST   ' } as const
/** Holes that are named one by one. */
const NAMED_HOLES = 8

/** `isolde rescue IMAGE (--to DIR | --image OUT)`: what can be saved of a damaged image. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(rescue, args)
  const imagePath = imageArgument('rescue', positionals, 1)
  if (values.to === undefined && values.image === undefined && values.plan !== true)
    throw new UsageError('Say where to: --to DIR for the files, --image OUT for a repaired image, or --plan.', 'rescue')
  if (values.to !== undefined && values.image !== undefined)
    throw new UsageError('--to and --image are two different things; take one after the other.', 'rescue')
  const { charset } = locationOptions({ charset: values.charset })
  const progress = ProgressLine.for(values.progress, values.quiet)
  const stop = watchInterrupts()
  const control: Control = {
    checkpoint: () => stop.checkpoint(),
    progress: (change) => {
      progress.take(change)
    },
  }
  try {
    const plan = await planRescue(
      {
        imagePath,
        map: values.map ?? null,
        copies: values.with ?? [],
        ecc: values.ecc ?? null,
        carve: values.carve === true,
        charset: charset ?? undefined,
      },
      control,
    )
    try {
      return await finish(plan, imagePath, values, control, progress)
    } finally {
      await plan.close()
    }
  } finally {
    progress.clear()
    stop.end()
  }
}

async function finish(
  plan: RescuePlan,
  imagePath: string,
  values: Values,
  control: Control,
  progress: ProgressLine,
): Promise<number> {
  const output = new Output()
  if (values.image !== undefined && values.plan !== true) {
    const repaired = await writeRepaired(plan, values.image, control)
    progress.clear()
    if (values.json) output.line(JSON.stringify({ summary: true, path: values.image, ...repaired }))
    else {
      for (const note of [...plan.notes, ...repaired.repairs]) output.line(showable(note))
      for (const { message } of repaired.problems) warn(`${values.image}: ${message}`)
      if (!values.quiet)
        output.line(
          repaired.problems.length === 0
            ? `${showable(values.image)} is written, and passed its checks.`
            : `${showable(values.image)} is written; not all of it could be repaired.`,
        )
    }
    output.flush()
    return repaired.problems.length > 0 || rewritten(plan, imagePath) ? EXIT.damaged : EXIT.ok
  }
  const partial = values.partial ?? 'zeros'
  const facts = { image: path.basename(imagePath), notes: plan.notes, partial }
  let items: readonly (PlannedItem | WrittenItem)[] = plan.items
  if (values.to !== undefined && values.plan !== true)
    items = await writeItems(plan.items, {
      destination: values.to,
      partial,
      control,
      reports: (written) => [
        ['rescue.json', jsonReport(written, facts)],
        ['rescue.html', htmlReport(written, facts)],
      ],
    })
  progress.clear()
  const isLeftOut = report(items, plan.notes, values, output)
  output.flush()
  const { partial: inPart, lost } = summaryOf(items)
  const isLoss = inPart > 0 || lost > 0 || isLeftOut || plan.isIncomplete
  const isDoubtful = items.some((item) => item.isDoubtful)
  return isLoss || isDoubtful || rewritten(plan, imagePath) ? EXIT.damaged : EXIT.ok
}

/** @returns whether something was left out that is no file: a link that leads away */
function report(items: readonly PlannedItem[], notes: readonly string[], values: Values, output: Output): boolean {
  const summary = summaryOf(items)
  const isLeftOut = items.some(({ kind, status }) => kind === 'symlink' && status === 'lost')
  if (values.json) {
    for (const item of items) if (item.kind === 'file') output.line(JSON.stringify(lineOf(item)))
    output.line(JSON.stringify({ summary: true, ...summary, notes }))
    return isLeftOut
  }
  for (const note of notes) output.line(showable(note))
  for (const { kind, path: own, status, why, holes } of items) {
    const isLoss = status === 'partial' || status === 'lost'
    if ((kind !== 'file' && !isLoss) || (!isLoss && values.plan !== true) || (values.quiet && !isLoss)) continue
    const reason = isLoss ? `: ${why}${holesInWords(holes, status)}` : ''
    output.line(showable(`${MARKS[status]}  ${own}${reason}`))
  }
  const { proven, whole, partial, lost } = summary
  if (!values.quiet)
    output.line(
      `${proven + whole} of ${proven + whole + partial + lost} files are all there (${proven} proven), ${partial} in part, ${lost} lost.`,
    )
  return isLeftOut
}

function holesInWords(holes: readonly [number, number][], status: string): string {
  if (status === 'lost' || holes.length === 0) return ''
  const named = holes.slice(0, NAMED_HOLES).map(([start, length]) => `${start}–${start + length - 1}`)
  return ` Missing: bytes ${named.join(', ')}${holes.length > NAMED_HOLES ? ' and more' : ''}.`
}

function rewritten({ evidence }: RescuePlan, imagePath: string): boolean {
  if (!evidence.isRewritten()) return false
  warn(`${imagePath}, or a copy of it, was written to meanwhile: what was read may be part old, part new. Try again.`)
  return true
}
