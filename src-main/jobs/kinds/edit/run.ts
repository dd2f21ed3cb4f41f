import fs from 'node:fs'
import path from 'node:path'
import type { JobResultOf } from '../../../../src-shared/contract/jobs'
import { saidOf, type Said } from '../../../../src-shared/model'
import {
  assertWhole,
  AuthorError,
  freeNameBeside,
  planProject,
  replaceOriginal,
  whyNotReplaceable,
  writePlan,
  type Plan,
  type ProjectPlan,
} from '../../../author'
import { identityOf } from '../../../sinks/atomic-file'
import type { Control } from '../../../task'
import { freeFilePath } from '../from-image/extract-image'
import { ProjectSources } from '../from-project/project-sources'
import { replay, type Replayed } from '../from-project/replay'
import { WrittenImages } from '../from-project/written-images'
import type { JobOutcome, JobTask } from '../job-kind'
import type { EditSpec } from './spec'

type Outcome = JobOutcome<JobResultOf<'edit'>>

/**
 * Does again what was done to the project, plans, writes and reads back the image, and lets it take the original's place
 * where that is wanted and nothing is missing from it.
 */
export async function runEdit(spec: EditSpec, task: JobTask): Promise<Outcome> {
  const sources = new ProjectSources((source) => task.open(source))
  try {
    const original = spec.replaces ? await originalOf(spec, sources) : null
    const target =
      original === null ? freeFilePath(spec.destination, spec.name, 'iso') : freeNameBeside(original.path, 'edited')
    const name = path.basename(target)
    task.progress({ bytesTotal: 0, entriesTotal: 0, current: name, isCounting: true, phase: 'reading' })
    const written = WrittenImages.of(task.profile, spec.project)
    const replayed = await replay(spec.outline, sources, {
      images: { output: original?.path ?? target, earlier: written.identities() },
      onStep: () => task.checkpoint(),
    })
    const planned = await planOf(spec, replayed)
    assertWhole(planned, spec.leavesOutDamaged)
    const report = new Problems(task, name)
    report.ofSources(replayed, planned)
    task.begin()
    const { plan } = planned
    const { byteLength } = plan.layout
    task.progress({ bytesTotal: byteLength * 2, entriesTotal: 1, current: name, isCounting: false })
    const { faults, sha256 } = await writePlan(plan, target, inSteps(task, byteLength))
    written.add(target)
    for (const { origin, message } of faults) report.note(origin, 'partial', { code: 'SOURCE_CHANGED', message })
    for (const said of await sources.rewritten()) report.note(name, 'partial', { code: 'SOURCE_CHANGED', ...said })
    const result = resultOf(spec, plan, sha256)
    report.ofLosses(planned)
    if (original === null) return { result: { ...result, problems: report.count }, destination: target }
    if (report.count > 0) {
      // What misses something takes the place of nothing that may still be rescued.
      const message = `${original.path} is left as it was, because the changed copy does not hold all of it. The copy is ${target}.`
      report.note(path.basename(original.path), 'skipped', { code: 'NOT_REPLACED', message })
      return { result: { ...result, problems: report.count }, destination: target }
    }
    await sources.close()
    return replace(original, target, result, task)
  } finally {
    await sources.close()
  }
}

/** The file whose place is taken, as it was before it was opened. */
interface Original {
  path: string
  identity: string
}

/** @throws {AuthorError} `BAD_REQUEST` where a plain copy may not take the place of what is changed */
async function originalOf({ outline: { base } }: EditSpec, sources: ProjectSources): Promise<Original | null> {
  if (base === null) return null
  const { source } = base
  const identity = source.kind === 'path' && fs.existsSync(source.path) ? identityOf(source.path) : ''
  const why =
    source.kind === 'path'
      ? whyNotReplaceable(source.path, (await sources.open(source)).image, source.inside.length > 0)
      : 'was dropped on a page, so nothing can take its place'
  if (why !== null) throw new AuthorError('BAD_REQUEST', `${source.path} ${why}. Save the copy as another file.`)
  return { path: source.path, identity }
}

function planOf({ outline, name, leavesOutDamaged }: EditSpec, { base, states }: Replayed): Promise<ProjectPlan> {
  const last = states.at(-1)
  if (last === undefined) throw new RangeError('A project has a state before its first operation.')
  const label = last.label ?? (base === null ? name.slice(0, LABEL_LENGTH) : null)
  const { preset, keepsSums, more } = outline
  return planProject({ root: last.root, base, preset, keepsSums, label, more, leavesOutDamaged })
}

const LABEL_LENGTH = 32

function inSteps(task: JobTask, byteLength: number): Control {
  return {
    checkpoint: () => task.checkpoint(),
    progress: (progress) => {
      const { bytesDone = 0 } = progress
      task.progress({ ...progress, phase: bytesDone > byteLength ? 'checking' : 'writing' })
    },
  }
}

function resultOf({ project }: EditSpec, plan: Plan, sha256: string): JobResultOf<'edit'> {
  return {
    kind: 'edit',
    project,
    bytesWritten: plan.layout.byteLength,
    files: plan.files,
    directories: plan.directories,
    renamed: new Set(plan.changes.map((change) => change.path)).size,
    sha256,
    kept: null,
    problems: 0,
  }
}

/** The last step: if the process ends in it, the next one sees by the file at the original's place how it ended. */
function replace(
  { path: original, identity }: Original,
  copy: string,
  result: JobResultOf<'edit'>,
  task: JobTask,
): Outcome {
  task.commit()
  const ready = { target: original, identity: identityOf(copy), byteLength: result.bytesWritten }
  const end: Outcome = { result: { ...result, kept: freeNameBeside(original, 'before') }, destination: original }
  task.ready(end, ready)
  try {
    return { result: { ...result, kept: replaceOriginal(original, copy, identity) }, destination: original }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new AuthorError('BAD_REQUEST', `${original} is left as it was, and the changed copy is ${copy}: ${why}`)
  }
}

/** What of the project is not in the image as it was asked for. */
class Problems {
  count = 0

  constructor(
    private readonly task: JobTask,
    private readonly image: string,
  ) {}

  ofSources({ failed, leftOut }: Replayed, { damaged }: ProjectPlan): void {
    for (const said of failed.values()) this.note(this.image, 'skipped', { code: 'NO_SUCH_FILE', ...said })
    for (const { path: of, message, details, isMeant } of [...leftOut.values()].flat())
      if (isMeant !== true) this.note(of, 'skipped', { code: 'UNSUPPORTED_KIND', message, details })
    for (const said of damaged) this.note(this.image, 'skipped', { ...said, code: 'CONTENT_DAMAGED' })
  }

  /** What is missing of the original itself: said before, and reason enough to leave that where it is. */
  ofLosses({ missing }: ProjectPlan): void {
    for (const said of missing) this.note(this.image, 'skipped', { code: 'UNSUPPORTED_KIND', ...said })
  }

  note(of: string, status: 'skipped' | 'partial', said: Said & { code: string }): void {
    this.count++
    const to = status === 'skipped' ? null : this.image
    this.task.problem({ path: of, to, byteLength: 0, status, ...saidOf(said) })
  }
}
