import fs from 'node:fs'
import path from 'node:path'
import type { Check, ConflictQuestion, EntryOutcome, JobSummary } from '../../src-shared/model'
import { makeWholeFile, type ReadyFile } from '../extract/archive-file'
import type { ExtractionControl } from '../extract/control'
import { CancelledError } from '../extract/extract-error'
import { keptStageName } from '../extract/stage'
import type { ByteSource, DiscImage, PlainImage } from '../image'
import type { ConflictAnswer, ConvertSpec, ExtractSpec, ImageJobSpec, VerifySpec } from '../jobs'
import { verifyImage } from '../verify/verify'
import { archiveImage, extractImage, freeFilePath, smartDestination, stemOf } from './extract-image'
import type { OpenedLocation } from './open-location'

/** What a job over an image needs of whoever runs it. */
export interface ImageJobContext {
  id: string
  /** The password of an archive. */
  secret: string | null
  checkpoint: ExtractionControl['checkpoint']
  /** To be called before the first byte: until then a cancelled job is simply ended. Throws where it is cancelled. */
  begin: () => void
  /** To be called before the last steps, which are done to their end. Throws where it is cancelled. */
  commit: () => void
  /** Still planning: how many entries there are so far. */
  counted: (entryCount: number) => void
  tell: (bytesDone: number, entriesDone: number, current: () => string) => void
  totals: (totals: { bytesTotal: number; entriesTotal: number }) => void
  note: (outcome: EntryOutcome) => void
  /** Cancelled: nothing is written any more, and the traces are being removed. */
  stopped: () => void
  ask: (question: ConflictQuestion) => Promise<{ choice: ConflictAnswer['choice'] | 'fail'; forAll: boolean }>
  /** One file is made and whole, and only its last rename is left to do: how the job will have ended then. */
  ready?: (file: ReadyFile, answer: ImageJobAnswer) => void
  /** Asks about every conflict, whatever the job's own policy. */
  conflicts?: 'ask'
}

export interface ImageJobAnswer {
  summary: JobSummary
  /** Where things went: for an archive or an image, the file itself. */
  destination: string
}

const CHUNK_BYTES = 1 << 20
const NOTHING_WRITTEN = { files: 0, directories: 0, symlinks: 0, bytesWritten: 0, problems: 0 } as const

/** Does what a job over an image says. Throws as {@link extractImage} does. */
export function runImageJob(
  spec: ImageJobSpec,
  opened: OpenedLocation,
  context: ImageJobContext,
): Promise<ImageJobAnswer> {
  switch (spec.kind) {
    case 'verify':
      context.begin()
      return verify(spec, opened, context)
    case 'convert':
      return convert(spec, opened, context)
    default:
      return spec.format === undefined || spec.format === 'folder'
        ? extractToFolder(spec, opened, context)
        : archive(spec, spec.format, opened, context)
  }
}

async function extractToFolder(
  spec: ExtractSpec,
  opened: OpenedLocation,
  context: ImageJobContext,
): Promise<ImageJobAnswer> {
  let { destination } = spec
  const summary = await extractImage({
    ...commonOf(spec, opened, context),
    rename: spec.rename ?? null,
    where: (table, selection) => {
      if (!spec.smart) return { destination, folder: null }
      const smart = smartDestination(table, selection, destination, opened.image.info.name)
      ;({ destination } = smart)
      return smart
    },
    conflicts: context.conflicts ?? (spec.smart ? 'rename' : spec.conflicts),
    keepsTopApart: spec.smart,
    ask: context.ask,
    keptStageName: keptStageName(context.id),
    onStopped: (error) => {
      if (error instanceof CancelledError) context.stopped()
    },
    // The disk may come back; what was written so far is kept for the retry.
    keepStageOn: (error) => (error as { code?: string }).code === 'SOURCE_GONE',
  })
  return { summary, destination }
}

async function archive(
  spec: ExtractSpec,
  format: 'zip' | '7z',
  opened: OpenedLocation,
  context: ImageJobContext,
): Promise<ImageJobAnswer> {
  const target = freeFilePath(spec.destination, await archiveStem(spec, opened), format)
  const password = context.secret === null ? {} : { password: context.secret }
  const summary = await archiveImage({
    ...commonOf(spec, opened, context),
    format,
    target,
    ...password,
    onReady: (file, whole) => {
      context.ready?.(file, { summary: ofArchive(whole, file.byteLength), destination: target })
    },
  })
  return { summary: ofArchive(summary, fs.statSync(target).size), destination: target }
}

/** What was made is the archive: how large that is, whatever went into it. */
function ofArchive(summary: JobSummary, byteLength: number): JobSummary {
  return { ...summary, bytesWritten: byteLength }
}

/** What is taken alone names the archive; else the image does. A folder's name has no ending to lose. */
async function archiveStem(spec: ExtractSpec, opened: OpenedLocation): Promise<string> {
  const [only, ...others] = spec.paths ?? []
  if (only === undefined || others.length > 0) return stemOf(opened.image.info.name)
  const name = path.posix.basename(only)
  const located = await opened.image.view(spec.view).lookup(only)
  return located?.entry.kind === 'directory' ? name : stemOf(name)
}

function commonOf(spec: ExtractSpec, opened: OpenedLocation, context: ImageJobContext) {
  return {
    opened,
    view: opened.image.view(spec.view),
    selection: { paths: spec.paths, ...(spec.children ? { children: spec.children } : {}) },
    layout: { kind: spec.paths === null || spec.keepPaths ? 'full' : 'selected' },
    control: { checkpoint: context.checkpoint, progress: context.tell, begin: context.begin, commit: context.commit },
    onCounted: context.counted,
    onTotals: context.totals,
    onOutcome: context.note,
  } as const
}

async function convert(spec: ConvertSpec, opened: OpenedLocation, context: ImageJobContext): Promise<ImageJobAnswer> {
  const { info } = opened.image
  const plain = await opened.image.plain()
  const target = freeFilePath(spec.destination, stemOf(info.name), 'iso')
  context.begin()
  context.totals({ bytesTotal: plain.blocks.byteLength, entriesTotal: 1 })
  const fill = async (aside: string): Promise<ImageJobAnswer> => {
    const written = await writeBlocks(plain.blocks, aside, context.checkpoint, (bytesDone) => {
      context.tell(bytesDone, 0, () => path.basename(target))
    })
    context.commit()
    return convertAnswer(opened, plain, target, written, context)
  }
  return makeWholeFile(target, fill, (file, answer) => context.ready?.(file, answer))
}

/** What a conversion comes to; its losses are noted. */
function convertAnswer(
  opened: OpenedLocation,
  plain: PlainImage,
  target: string,
  written: WrittenBlocks,
  context: ImageJobContext,
): ImageJobAnswer {
  const { info } = opened.image
  const losses = [...lossesOf(opened.image, plain, written), ...opened.rewritten()]
  for (const { code, message } of losses)
    context.note({
      path: info.name,
      to: path.basename(target),
      byteLength: written.byteLength,
      status: 'partial',
      code,
      message,
    })
  return {
    summary: { ...NOTHING_WRITTEN, files: 1, bytesWritten: written.byteLength, problems: losses.length },
    destination: target,
  }
}

/** What a plain image lacks of the image that it was made of; each with a sentence. */
export function lossesOf(
  image: DiscImage,
  plain: PlainImage,
  written: WrittenBlocks,
): { code: string; message: string }[] {
  const losses: { code: string; message: string }[] = []
  const { status, missingByteLength } = image.info.completeness
  if (status === 'truncated')
    losses.push({
      code: 'IMAGE_TRUNCATED',
      message: `The image is ${missingByteLength} bytes short, and so is what was made of it.`,
    })
  const damage = image.diagnostics.find(({ severity, code }) => severity === 'damage' && code !== 'IMAGE_TRUNCATED')
  if (damage) losses.push({ code: 'IMAGE_DAMAGED', message: `The image is damaged: ${damage.message}` })
  if (written.problem !== null)
    losses.push({ code: 'IMAGE_DAMAGED', message: `The image is damaged: ${written.problem}` })
  if (plain.leftOut.length > 0)
    losses.push({
      code: 'LEFT_OUT',
      message: `A plain image cannot hold everything. Left out: ${plain.leftOut.join('; ')}.`,
    })
  return losses
}

export interface WrittenBlocks {
  byteLength: number
  /** The first thing that the image's own sums say against the bytes. */
  problem: string | null
}

/** Copies an image's blocks into a new file. What is not recorded becomes a hole, which reads as zeros. */
export async function writeBlocks(
  blocks: ByteSource,
  file: string,
  checkpoint: ExtractionControl['checkpoint'],
  progress: (bytesDone: number) => void,
): Promise<WrittenBlocks> {
  const descriptor = fs.openSync(file, 'wx')
  let problem: string | null = null
  const wrong = (sentence: string): void => {
    problem ??= sentence
  }
  try {
    let offset = 0
    while (offset < blocks.byteLength) {
      const wait = checkpoint()
      if (wait) await wait
      const length = Math.min(CHUNK_BYTES, blocks.byteLength - offset)
      if (blocks.recorded?.(offset, length) === 0) {
        offset += length
      } else {
        const bytes = await (blocks.readChecked?.(offset, length, wrong) ?? blocks.read(offset, length))
        if (bytes.byteLength === 0) break
        for (let at = 0; at < bytes.byteLength;)
          at += fs.writeSync(descriptor, bytes, at, bytes.byteLength - at, offset + at)
        offset += bytes.byteLength
      }
      progress(offset)
    }
    fs.ftruncateSync(descriptor, offset)
    return { byteLength: offset, problem }
  } finally {
    fs.closeSync(descriptor)
  }
}

async function verify(spec: VerifySpec, opened: OpenedLocation, context: ImageJobContext): Promise<ImageJobAnswer> {
  let bytesDone = 0
  const { checks } = await verifyImage(opened.image, spec.view, {
    checkpoint: context.checkpoint,
    total: (bytesTotal) => {
      context.totals({ bytesTotal, entriesTotal: 0 })
    },
    progress: (byteLength, current) => {
      bytesDone += byteLength
      context.tell(bytesDone, 0, current)
    },
  })
  const bad = checks.filter(({ verdict }) => verdict !== 'passed')
  for (const check of bad) context.note(outcomeOf(check, opened.image.info.name))
  const rewritten = opened.rewritten()
  for (const { code, message } of rewritten)
    context.note({ path: opened.image.info.name, to: null, byteLength: 0, status: 'failed', code, message })
  return {
    summary: { ...NOTHING_WRITTEN, files: checks.filter(isSum).length, problems: bad.length + rewritten.length },
    destination: '',
  }
}

/** Length and structures every image has; sums are what it was given to be checked by. */
function isSum({ kind }: Check): boolean {
  return kind !== 'length' && kind !== 'structures'
}

function outcomeOf({ kind, verdict, detail, path: of }: Check, imageName: string): EntryOutcome {
  const code = verdict === 'unreadable' ? 'CHECK_UNREADABLE' : kind === 'length' ? 'IMAGE_TRUNCATED' : 'SUM_MISMATCH'
  return { path: of ?? imageName, to: null, byteLength: 0, status: 'failed', code, message: detail }
}
