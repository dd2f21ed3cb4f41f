import fs from 'node:fs'
import path from 'node:path'
import {
  CONFLICT_POLICIES,
  explainReadError,
  type ConflictPolicy,
  type EntryOutcome,
  type JobSummary,
} from '../../../src-shared/model'
import {
  archiveImage,
  archivePath,
  CancelledError,
  extractImage,
  freeFilePath,
  openLocation,
  smartDestination,
  stemOf,
  type ArchiveFormat,
} from '../../engine'
import { stayAwakeWhile } from '../../host/stay-awake'
import { cleanPath, IMAGE_OPTIONS, imageArgument, locationOptions, parse } from '../arguments'
import { EXIT, UsageError } from '../exit-status'
import { Output, showable, warn } from '../output'
import { ProgressLine } from '../progress-line'
import { chooseView } from '../view-choice'

const OPTIONS = {
  ...IMAGE_OPTIONS,
  to: { type: 'string' },
  here: { type: 'boolean' },
  'on-conflict': { type: 'string' },
  include: { type: 'string', multiple: true },
  exclude: { type: 'string', multiple: true },
  flat: { type: 'boolean' },
  sparse: { type: 'boolean' },
  owners: { type: 'boolean' },
  format: { type: 'string' },
  'password-file': { type: 'string' },
  quiet: { type: 'boolean', short: 'q' },
  json: { type: 'boolean' },
} as const

/** What takes longer is something that a person walks away from. */
const LONG_MS = 5000

/** `isolde extract IMAGE [PATH…]`: plan, write aside, move in. */
export async function extract(args: string[]): Promise<number> {
  const { values, positionals } = parse('extract', args, OPTIONS)
  const imagePath = imageArgument('extract', positionals)
  const paths = positionals.slice(1).map(cleanPath)
  const policy = policyOf(values['on-conflict'], values.here === true)
  if (values.here && values.to !== undefined) throw new UsageError('Give either --here or --to, not both.', 'extract')
  const format = formatOf(values.format)
  const password = passwordOf(values['password-file'], format)
  const stop = watchInterrupts()
  const started = Date.now()
  const endWakefulness = stayAwakeWhile(() => Date.now() - started > LONG_MS)
  const progress = ProgressLine.for(values.progress, values.quiet === true || values.json === true)
  const opened = await openLocation(imagePath, locationOptions(values))
  try {
    const view = chooseView(opened.image, values.view)
    const output = new Output()
    let bytesTotal = 0
    const { info } = opened.image
    const beside = path.dirname(path.resolve(imagePath))
    const common = {
      opened,
      view,
      selection: {
        paths: paths.length === 0 || paths.includes('') ? null : paths,
        ...(values.include ? { include: values.include } : {}),
        ...(values.exclude ? { exclude: values.exclude } : {}),
      },
      layout: { kind: values.flat ? 'flat' : 'full' },
      control: {
        checkpoint: () => stop.checkpoint(),
        progress: (bytesDone, _entries, current) => {
          progress.update(bytesDone, bytesTotal, () => showable(current()))
        },
      },
      onTotals: (totals) => {
        bytesTotal = totals.bytesTotal
      },
      onOutcome: (outcome) => {
        progress.clear()
        if (values.json) output.line(JSON.stringify(outcome))
        else if (outcome.status !== 'written') tellProblem(imagePath, outcome, values.quiet === true)
      },
    } satisfies Omit<Parameters<typeof extractImage>[0], 'where' | 'conflicts'>
    const summary =
      format === 'folder'
        ? await extractImage({
            ...common,
            where: (table, selected) =>
              values.here
                ? smartDestination(table, selected, beside, info.name)
                : { destination: values.to ?? '.', folder: null },
            conflicts: policy,
            attributes: { sparse: values.sparse === true, owners: values.owners === true },
            keepsTopApart: values.here === true,
          })
        : await archiveImage({
            ...common,
            format,
            target: values.here
              ? freeFilePath(beside, stemOf(info.name), format)
              : archivePath(values.to ?? '.', info.name, format),
            ...(password === undefined ? {} : { password }),
          })
    progress.clear()
    if (values.json) output.line(JSON.stringify({ summary: true, ...summary }))
    else if (!values.quiet) output.line(inWords(summary))
    output.flush()
    return summary.problems > 0 ? EXIT.damaged : EXIT.well
  } finally {
    progress.clear()
    stop.end()
    endWakefulness()
    await opened.close()
  }
}

function formatOf(value: string | undefined): 'folder' | ArchiveFormat {
  if (value === undefined || value === 'folder') return 'folder'
  if (value === 'zip' || value === '7z') return value
  throw new UsageError(`--format takes folder, zip or 7z; not “${value}”.`, 'extract')
}

/** From a file, or from ISOLDE_PASSWORD: an argument would be seen by everybody on this computer. */
function passwordOf(file: string | undefined, format: 'folder' | ArchiveFormat): string | undefined {
  if (file === undefined) return format === 'folder' ? undefined : process.env.ISOLDE_PASSWORD
  if (format === 'folder') throw new UsageError('Only a ZIP or 7z takes a password.', 'extract')
  try {
    const [line = ''] = fs.readFileSync(file, 'utf8').split(/\r?\n/)
    return line
  } catch (error) {
    const meaning = explainReadError(error, file)
    throw Object.assign(new Error(meaning.message), { code: meaning.code })
  }
}

function policyOf(value: string | undefined, here: boolean): ConflictPolicy {
  // “Extract Here” never overwrites and never asks: what is taken gets a number.
  if (value === undefined) return here ? 'rename' : 'fail'
  const known = CONFLICT_POLICIES.filter((policy) => policy !== 'ask')
  const found = known.find((policy) => policy === value)
  if (!found) throw new UsageError(`--on-conflict takes ${known.join(', ')}; not “${value}”.`, 'extract')
  return found
}

function tellProblem(imagePath: string, outcome: EntryOutcome, isQuiet: boolean): void {
  if (outcome.status === 'renamed') {
    if (!isQuiet) warn(`${imagePath}: “${outcome.path}” is written as “${outcome.to ?? ''}”. ${outcome.message ?? ''}`)
    return
  }
  const what =
    outcome.status === 'partial'
      ? 'is only partly there'
      : `was ${outcome.status === 'failed' ? 'not written' : 'skipped'}`
  warn(`${imagePath}: “${outcome.path}” ${what}. ${outcome.message ?? ''}`)
}

function inWords(summary: JobSummary): string {
  const parts = [plural(summary.files, 'file'), plural(summary.directories, 'folder')]
  if (summary.symlinks > 0) parts.push(plural(summary.symlinks, 'link'))
  const problems = summary.problems > 0 ? `; ${plural(summary.problems, 'problem')}, listed above` : ''
  return `${parts.join(', ')}, ${summary.bytesWritten.toLocaleString('en')} bytes${problems}.`
}

function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}

/** Ctrl+C and a polite kill stop at the next file; what was staged is removed. */
function watchInterrupts(): { checkpoint(): void | Promise<void>; end(): void } {
  let isStopped = false
  let lastTurn = Date.now()
  const stop = (): void => {
    isStopped = true
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, stop)
  const check = (): void => {
    if (isStopped) throw new CancelledError()
  }
  return {
    checkpoint() {
      check()
      // Signals are only heard between turns of the event loop.
      const now = Date.now()
      if (now - lastTurn < 50) return
      lastTurn = now
      return new Promise((resolve) => setImmediate(resolve)).then(check)
    },
    end() {
      for (const signal of signals) process.off(signal, stop)
    },
  }
}
