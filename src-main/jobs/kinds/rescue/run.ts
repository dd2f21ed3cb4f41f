import fs from 'node:fs'
import path from 'node:path'
import { LOSS_LIMIT, type JobResultOf, type RescueReport } from '../../../../src-shared/contract/jobs'
import { freeName, nameRulesFor, safeName } from '../../../extract/safe-names'
import {
  htmlReport,
  jsonReport,
  lengthToWrite,
  planRescue,
  summaryOf,
  writeItems,
  writeRepaired,
  type PlannedItem,
  type RescuePlan,
} from '../../../rescue'
import { freeFilePath, stemOf } from '../from-image/extract-image'
import type { JobOutcome, JobTask } from '../job-kind'
import type { RescueSpec } from './spec'

type Result = JobResultOf<'rescue'>

/** Finds out what can be saved, and saves it where that was asked for. Each loss of what is written is a problem. */
export async function runRescue(spec: RescueSpec, task: JobTask): Promise<JobOutcome<Result>> {
  const request = { imagePath: spec.path, map: null, copies: [], ecc: null, carve: spec.isCarving }
  task.begin()
  task.progress({ bytesTotal: 0, current: path.basename(spec.path), isCounting: true })
  const plan = await planRescue(request, task)
  try {
    const made = await make(plan, spec, task)
    const problems = made.result.problems + Number(reportRewritten(plan, spec, task))
    return { ...made, result: { ...made.result, problems } }
  } finally {
    await plan.close()
  }
}

async function make(plan: RescuePlan, spec: RescueSpec, task: JobTask): Promise<JobOutcome<Result>> {
  const report = reportOf(plan, spec.path)
  const base = { kind: 'rescue' as const, what: spec.what, report, bytesWritten: 0, repairs: [], problems: 0 }
  const name = path.basename(spec.path)
  if (spec.what === 'plan') return { result: base, destination: '' }
  if (spec.what === 'image') {
    const target = freeFilePath(spec.destination, `${stemOf(name)} repaired`, 'iso')
    const { byteLength, repairs, problems } = await writeRepaired(plan, target, task)
    const told = {
      path: name,
      to: path.basename(target),
      byteLength,
      status: 'partial',
      code: 'CONTENT_DAMAGED',
    } as const
    for (const { message, details } of problems) task.problem({ ...told, message, ...(details && { details }) })
    return {
      result: { ...base, bytesWritten: byteLength, repairs, problems: problems.length },
      destination: target,
    }
  }
  const destination = freeFolder(spec.destination, stemOf(name))
  const facts = { image: name, notes: plan.notes, partial: spec.partial }
  const written = await writeItems(plan.items, {
    destination,
    partial: spec.partial,
    control: task,
    reports: (items) => [
      ['rescue.json', jsonReport(items, facts)],
      ['rescue.html', htmlReport(items, facts)],
    ],
  })
  let problems = 0
  let bytesWritten = 0
  for (const item of written) {
    const { path: own, to, byteLength, status, why, details } = item
    if (to !== null && item.kind === 'file') bytesWritten += lengthToWrite(item, spec.partial === 'cut')
    if (status === 'proven' || status === 'whole') continue
    problems++
    const fate = to === null ? 'failed' : 'partial'
    task.problem({ path: own, to, byteLength, status: fate, code: 'CONTENT_DAMAGED', message: why, details })
  }
  return { result: { ...base, bytesWritten, problems }, destination }
}

function reportOf({ items, notes }: RescuePlan, image: string): RescueReport {
  const { proven, whole, partial, lost, byteLength, savedByteLength } = summaryOf(items)
  const isLoss = (item: PlannedItem): item is PlannedItem & { status: 'partial' | 'lost' } =>
    item.status === 'partial' || item.status === 'lost'
  const losses = items
    .filter(isLoss)
    .slice(0, LOSS_LIMIT)
    .map(({ path: own, status, why, details }) => ({ path: own, status, why, details }))
  return {
    path: image,
    ...{ saved: proven + whole, proven, partial, lost, byteLength, savedByteLength },
    ...{ losses, notes: notes.slice(0, LOSS_LIMIT), at: Date.now() },
  }
}

/** A folder of a name that is free, which {@link writeItems} makes. */
function freeFolder(parent: string, stem: string): string {
  const rules = nameRulesFor(process.platform)
  return path.join(
    parent,
    freeName(safeName(stem, rules), (each) => fs.existsSync(path.join(parent, each)), rules),
  )
}

/** What was read while something wrote to it may be part old, part new. */
function reportRewritten({ evidence }: RescuePlan, spec: RescueSpec, task: JobTask): boolean {
  if (!evidence.isRewritten()) return false
  const name = path.basename(spec.path)
  const message = `${name}, or a copy of it, was written to meanwhile: what was read may be part old, part new. Try again.`
  task.problem({ path: name, to: null, byteLength: 0, status: 'failed', code: 'SOURCE_CHANGED', message })
  return true
}
