import path from 'node:path'
import {
  lacksKey,
  type ConflictPolicy,
  type EntryOutcome,
  type JobSummary,
  type LostAttributes,
} from '../../src-shared/model'
import {
  archiveImage,
  archivePath,
  extractImage,
  freeFilePath,
  smartDestination,
  stemOf,
  unlistedIn,
  type ArchiveFormat,
  type OpenLocationOptions,
} from '../engine'
import { stayAwakeWhile } from '../host/stay-awake'
import { EXIT } from './exit-status'
import { watchInterrupts } from './interrupts'
import { openLocation } from './open-location'
import { Output, plural, warn, withoutDetails } from './output'
import { ProgressLine } from './progress-line'
import { chooseView } from './view-choice'

export type ExtractionFormat = 'folder' | ArchiveFormat

/** An extraction as a command line asks for it, checked. */
export interface Extraction {
  imagePath: string
  location: OpenLocationOptions
  /** The name of a view; undefined for the default one. */
  view: string | undefined
  selection: { paths: string[] | null; include?: string[]; exclude?: string[] }
  /** Beside the image, under a name of its own, or into a folder. */
  to: 'here' | { folder: string }
  policy: ConflictPolicy
  format: ExtractionFormat
  password: string | undefined
  isFlat: boolean
  attributes: { sparse: boolean; owners: boolean; modes: boolean; xattrs: boolean }
  report: 'words' | 'json' | 'quiet'
  /** True, or undefined for where somebody looks. */
  progress: boolean | undefined
}

/** What takes longer is something that a person walks away from. */
const LONG_MS = 5000

const UNMARKED =
  'The image is marked as coming from the network; what was extracted could not be marked, so nothing will warn of it.'

/** Nothing that was asked for lies behind the end of the image; bytes may also be missing in front of it. */
const SHORT =
  'shorter than its volume. If they are missing at its end, what was extracted is whole; if in its middle, files hold wrong bytes. “isolde verify” tells, where the image has checksums.'

/** Extracts, and answers the exit status. */
export async function runExtraction(request: Extraction): Promise<number> {
  const { imagePath, format, report, to } = request
  const stop = watchInterrupts()
  const started = Date.now()
  const endWakefulness = stayAwakeWhile(() => Date.now() - started > LONG_MS)
  const progress = ProgressLine.for(request.progress, report !== 'words')
  const opened = await openLocation(imagePath, request.location)
  try {
    const output = new Output()
    const { info } = opened.image
    const beside = path.dirname(path.resolve(imagePath))
    const common = {
      opened,
      view: chooseView(opened.image, request.view),
      selection: request.selection,
      layout: { kind: request.isFlat ? 'flat' : 'full' },
      control: {
        checkpoint: () => stop.checkpoint(),
        progress: (change) => {
          progress.take(change)
        },
      },
      onOutcome: (outcome) => {
        progress.clear()
        if (report === 'json') output.line(JSON.stringify(withoutDetails(outcome)))
        // Told of all of them in one sentence.
        else if (outcome.status !== 'written' && outcome.code !== 'ATTRIBUTES_LOST')
          reportProblem(imagePath, outcome, report === 'quiet')
      },
    } satisfies Omit<Parameters<typeof extractImage>[0], 'where' | 'conflicts'>
    const summary =
      format === 'folder'
        ? await extractImage({
            ...common,
            where: (table, selected) =>
              to === 'here'
                ? smartDestination(table, selected, beside, info.name)
                : { destination: to.folder, folder: null },
            conflicts: request.policy,
            attributes: request.attributes,
            keepsTopApart: to === 'here',
          })
        : await archiveImage({
            ...common,
            format,
            target:
              to === 'here'
                ? freeFilePath(beside, stemOf(info.name), format)
                : archivePath(to.folder, info.name, format),
            ...(request.password === undefined ? {} : { password: request.password }),
          })
    progress.clear()
    if (summary.lostAttributes) warn(`${imagePath}: ${sayLost(summary.lostAttributes)}`)
    if (report === 'json') output.line(JSON.stringify({ summary: true, ...summary }))
    else if (report === 'words') output.line(inWords(summary))
    output.flush()
    if (report !== 'quiet') {
      // Told, and no problem of what was asked for.
      for (const { message } of unlistedIn(opened.image.diagnostics)) warn(`${imagePath}: ${message}`)
      if (summary.problems === 0 && info.completeness.status === 'truncated')
        warn(`${imagePath} is ${plural(info.completeness.missingByteLength, 'byte')} ${SHORT}`)
      if (summary.isUnmarked) warn(`${imagePath}: ${UNMARKED}`)
    }
    return summary.problems > 0 ? EXIT.damaged : EXIT.ok
  } finally {
    progress.clear()
    stop.end()
    endWakefulness()
    await opened.close()
  }
}

function reportProblem(imagePath: string, outcome: EntryOutcome, isQuiet: boolean): void {
  if (outcome.code === 'SOURCE_CHANGED') {
    warn(outcome.message ?? imagePath)
    return
  }
  if (outcome.path === path.basename(imagePath) && outcome.to === null) {
    if (lacksKey(outcome)) {
      warn(`${imagePath}: ${outcome.message ?? ''}`)
      return
    }
    warn(`${imagePath} is damaged: ${outcome.message ?? ''} Entries may be missing or wrong.`)
    return
  }
  if (outcome.status === 'renamed') {
    if (!isQuiet) warn(`${imagePath}: “${outcome.path}” is written as “${outcome.to ?? ''}”. ${outcome.message ?? ''}`)
    return
  }
  warn(`${imagePath}: “${outcome.path}” ${fateOf(outcome)}. ${outcome.message ?? ''}`)
}

/** What became of a file that is told of, in the middle of a sentence. */
function fateOf({ status, code }: EntryOutcome): string {
  // All of it is written: nobody can tell whether the bytes are wrong or the list is.
  if (code === 'SUM_MISMATCH') return 'is not what it should be'
  if (status === 'partial') return 'is only partly there'
  return status === 'failed' ? 'was not written' : 'was skipped'
}

function sayLost({ count, path: first, names }: LostAttributes): string {
  const what = count === 1 ? `“${first}” lost` : `${count} entries lost, the first of them “${first}”,`
  return `${what} extended attributes that the destination or your rights do not take: ${names.join(', ')}.`
}

function inWords(summary: JobSummary): string {
  const parts = [plural(summary.files, 'file'), plural(summary.directories, 'folder')]
  if (summary.symlinks > 0) parts.push(plural(summary.symlinks, 'link'))
  const problems = summary.problems > 0 ? `; ${plural(summary.problems, 'problem')}, listed above` : ''
  return `${parts.join(', ')}, ${summary.bytesWritten.toLocaleString('en')} bytes${problems}.`
}
