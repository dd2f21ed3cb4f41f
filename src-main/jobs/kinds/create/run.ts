import fs from 'node:fs'
import path from 'node:path'
import { saidOf, type Said } from '../../../../src-shared/model'
import type { JobResultOf } from '../../../../src-shared/contract/jobs'
import { collect, makeModesPlain, planImage, PRESETS, withMore, writePlan, type SourceRequest } from '../../../author'
import { freeFilePath } from '../from-image/extract-image'
import type { JobOutcome, JobTask } from '../job-kind'
import type { CreateSpec } from './spec'

/** Plans, writes and reads back an image. What was left out or changed while it was read is told. */
export async function runCreation(spec: CreateSpec, task: JobTask): Promise<JobOutcome<JobResultOf<'create'>>> {
  const target = freeFilePath(spec.destination, spec.name, 'iso')
  const name = path.basename(target)
  task.progress({ bytesTotal: 0, entriesTotal: 0, current: name, isCounting: true })
  const { root, leftOut } = collect(requestsOf(spec.paths), { output: target })
  let problems = 0
  const report = (of: string, status: 'skipped' | 'partial', why: Said): void => {
    problems++
    task.problem({ path: of, to: status === 'skipped' ? null : name, byteLength: 0, status, ...saidOf(why) })
  }
  for (const one of leftOut) report(one.path, 'skipped', { ...one, code: 'UNSUPPORTED_KIND' })
  const { label, preset, keepsSums, more } = spec
  if (more.plainModes === true) makeModesPlain(root)
  const asked = {
    ...PRESETS[preset],
    label: label === '' ? spec.name.slice(0, 32) : label,
    // The sums of files have their place in Rock Ridge.
    md5: keepsSums && PRESETS[preset].rockRidge,
  }
  const plan = await planImage(root, withMore(asked, more))
  task.begin()
  const { byteLength } = plan.layout
  task.progress({ bytesTotal: byteLength * 2, entriesTotal: 1, current: name, isCounting: false })
  const written = await writePlan(plan, target, task)
  for (const { origin, message } of written.faults) report(origin, 'partial', { code: 'SOURCE_CHANGED', message })
  const { files, directories } = plan
  const renamed = new Set(plan.changes.map((change) => change.path)).size
  const result = {
    kind: 'create' as const,
    bytesWritten: byteLength,
    files,
    directories,
    renamed,
    sha256: written.sha256,
    problems,
  }
  return { result, destination: target }
}

/** The contents of a folder that is alone; each of several under its own name. */
function requestsOf(paths: readonly string[]): SourceRequest[] {
  const [only] = paths
  const isFolder =
    paths.length === 1 && only !== undefined && fs.statSync(only, { throwIfNoEntry: false })?.isDirectory()
  if (isFolder === true) return [{ path: only, at: '' }]
  return paths.map((source) => ({ path: source, at: path.basename(source) }))
}
