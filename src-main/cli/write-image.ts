import { writePlan, type Plan, type TextChange } from '../engine'
import { EXIT } from './exit-status'
import { watchInterrupts } from './interrupts'
import { Output, plural, showable, warn } from './output'
import { ProgressLine } from './progress-line'

const FIELDS: Record<TextChange['field'], string> = {
  label: 'label',
  systemId: 'system identifier',
  volumeSetId: 'volume set identifier',
  publisher: 'publisher',
  preparer: 'preparer',
  application: 'application',
  copyrightFile: 'name of the copyright file',
  abstractFile: 'name of the abstract',
  bibliographicFile: 'name of the bibliography',
}
const STREAM_CHUNK = 1 << 20

export interface ImageWriting {
  /** `-`: standard output. */
  target: string
  report: ImageReport
  isDryRun: boolean
  /** True, or undefined for where somebody looks. */
  progress: boolean | undefined
  /** Asked when everything is written: what else there is to say against it. */
  problemsAfter?: () => readonly { message: string }[]
  /** The last step, before it is summed up; answers where the image then is. */
  settle?: () => Promise<string>
}

/**
 * The last part of every command that makes an image: tells what will be other than it was, writes, reads back, and sums
 * up. Interrupted, it leaves nothing.
 * @returns the exit status
 */
export async function writeImage(plan: Plan, writing: ImageWriting): Promise<number> {
  const { target, report, isDryRun } = writing
  report.changes(plan)
  if (isDryRun) {
    report.summary(plan, null)
    return EXIT.ok
  }
  const progress = ProgressLine.for(writing.progress)
  try {
    const written = target === '-' ? await stream(plan) : await writeWhole(plan, target, progress)
    progress.clear()
    for (const { origin, message } of written.faults) report.problem('partial', origin, message)
    for (const { message } of writing.problemsAfter?.() ?? []) report.problem('partial', target, message)
    report.summary(plan, written.sha256, await writing.settle?.())
    return report.problems === 0 ? EXIT.ok : EXIT.damaged
  } finally {
    progress.clear()
    report.flush()
  }
}

async function writeWhole(plan: Plan, target: string, progress: ProgressLine): ReturnType<typeof writePlan> {
  const stop = watchInterrupts()
  const { byteLength } = plan.layout
  try {
    return await writePlan(plan, target, {
      checkpoint: () => stop.checkpoint(),
      progress: ({ bytesDone = 0 }) => {
        const step = bytesDone > byteLength ? 'checking' : 'writing'
        progress.update(bytesDone, byteLength * 2, () => `${showable(target)} (${step})`)
      },
    })
  } finally {
    stop.end()
  }
}

interface Streamed {
  sha256: null
  faults: { origin: string; message: string }[]
}

/** To a pipe: nothing can be read back of it. */
async function stream({ layout }: Plan): Promise<Streamed> {
  const output = new Output()
  try {
    for await (const { bytes } of layout.pieces(Buffer.alloc(STREAM_CHUNK))) output.bytes(bytes)
  } finally {
    await layout.close()
  }
  return { sha256: null, faults: layout.faults.map(({ content, message }) => ({ origin: content.origin, message })) }
}

/** What a command says while it makes an image: in words, as JSON, or next to nothing. */
export class ImageReport {
  /** How much is not as it was asked for. */
  problems = 0
  private readonly output: Output
  private readonly isJson: boolean
  private readonly isQuiet: boolean

  /** @param target where the image goes; what is said keeps out of its way */
  constructor(
    private readonly target: string,
    { json, quiet }: { json?: boolean; quiet?: boolean },
  ) {
    this.output = new Output(target === '-' ? 2 : 1)
    this.isJson = json === true
    this.isQuiet = quiet === true
  }

  /** Sources that do not go into the image. */
  leftOut(list: readonly { path: string; message: string }[]): void {
    for (const { path, message } of list) this.problem('skipped', path, message)
  }

  problem(status: 'skipped' | 'partial', path: string, message: string): void {
    this.problems++
    if (this.isJson) this.output.line(JSON.stringify({ path, status, message }))
    else warn(message)
  }

  /** What somebody would miss in the new image; then not all is as it was asked for. */
  missing(message: string): void {
    this.problems++
    this.fate('lost', message)
  }

  /** What becomes of an image's own equipment when it is changed. */
  fate(key: 'kept' | 'lost' | 'damaged', message: string): void {
    if (this.isJson) this.output.line(JSON.stringify({ [key]: true, message }))
    else if (key !== 'kept') warn(message)
    else if (!this.isQuiet) this.output.line(message)
  }

  /** A pattern that was given with an option and that nothing has matched. */
  unused(option: string, patterns: readonly string[]): void {
    for (const pattern of patterns) {
      const message = `--${option} “${showable(pattern)}” matches nothing.`
      if (this.isJson) this.output.line(JSON.stringify({ unused: true, option, pattern, message }))
      else warn(message)
    }
  }

  /** Texts and names that are others in a tree, and what a tree cannot record. */
  changes({ changes, textChanges, unrecorded }: Plan): void {
    for (const change of textChanges) this.textChange(change)
    if (this.isJson) {
      for (const change of changes) this.output.line(JSON.stringify(change))
      for (const { path, tree, message } of unrecorded)
        this.output.line(JSON.stringify({ path, tree, name: null, reason: 'unrecorded', message }))
      return
    }
    if (this.isQuiet) return
    for (const [tree, count] of byTree(changes))
      this.output.line(
        `${count === 1 ? '1 name is' : `${count} names are`} another in the ${tree} tree; --json lists them.`,
      )
    for (const [tree, count] of byTree(unrecorded))
      this.output.line(
        `${count === 1 ? '1 entry' : `${count} entries`} (links, devices) cannot be recorded in the ${tree} tree.`,
      )
  }

  private textChange(change: TextChange): void {
    const { field, tree, text, reason } = change
    const why =
      reason === 'characters' ? 'it holds characters of ASCII alone' : `it has room for ${text.length} characters`
    const message = `The ${FIELDS[field]} is “${showable(text)}” in the ${tree} tree: ${why}.`
    if (this.isJson) this.output.line(JSON.stringify({ ...change, message }))
    // Systems look for what stands in the primary descriptor; Joliet's shorter fields are what everybody knows.
    else if (tree !== 'joliet') warn(message)
    else if (!this.isQuiet) this.output.line(message)
  }

  /**
   * The last line, or lines.
   * @param sha256 of an image that was read back; null otherwise
   * @param target where the image is, if not where it was to go
   */
  summary(
    { files, directories, symlinks, views, boots, layout }: Plan,
    sha256: string | null,
    target = this.target,
  ): void {
    const { byteLength } = layout
    const { problems } = this
    if (this.isJson) {
      const boot = boots.map(({ platform, path }) => ({ platform, path }))
      const counts = { byteLength, files, directories, symlinks }
      this.output.line(JSON.stringify({ summary: true, path: target, ...counts, views, boot, sha256, problems }))
    } else if (!this.isQuiet) {
      const trees = views.join(', ')
      const counts = [plural(files, 'file'), plural(directories, 'folder'), plural(byteLength, 'byte')]
      this.output.line(`${showable(target)}: ${counts.join(', ')} (${trees}).`)
      if (sha256 !== null)
        this.output.line(problems === 0 ? 'Written and read back: every file is there.' : 'Written and read back.')
    }
    this.flush()
  }

  flush(): void {
    this.output.flush()
  }
}

function byTree(list: readonly { tree: string }[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { tree } of list) counts.set(tree, (counts.get(tree) ?? 0) + 1)
  return counts
}
