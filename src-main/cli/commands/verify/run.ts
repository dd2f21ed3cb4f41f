import fs from 'node:fs'
import path from 'node:path'
import {
  checkImage,
  imageSumOf,
  keyStore,
  makeWholeFile,
  NoKeyError,
  provenBy,
  sumsIn,
  unproven,
  writeMapFile,
  type ImageSum,
} from '../../../engine'
import type { Check, VerifyReport } from '../../../../src-shared/model'
import { locationOptions, parse, type ValuesOf } from '../../arguments'
import { EXIT, exitStatusOf, UsageError } from '../../exit-status'
import { openLocation } from '../../open-location'
import { Output, showable, warn, withoutDetails } from '../../output'
import { ProgressLine } from '../../progress-line'
import { chooseView } from '../../view-choice'
import { verify } from './definition'
import { reportText } from './report-file'

type Values = ValuesOf<typeof verify>

const MARKS: Record<Check['verdict'], string> = { passed: 'passed    ', failed: 'FAILED    ', unreadable: 'UNREADABLE' }
const VERDICTS: Record<VerifyReport['verdict'], string> = {
  passed: 'passed all checks.',
  failed: 'did not pass.',
  'nothing-to-check': "has no checksums of its files, so their contents can't be verified.",
}

/** `isolde verify IMAGE… [--json]`: every check that images carry, or that lies beside them, each with its verdict. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(verify, args)
  if (positionals.length === 0) throw new UsageError('Name the image.', 'verify')
  if (positionals.length > 1 && values.sum !== undefined && imageSumOf(values.sum) !== null)
    throw new UsageError('--sum with a sum of its own is of one image; name one, or give a list.', 'verify')
  if (positionals.length > 1 && (values.map ?? values.report) !== undefined)
    throw new UsageError('--map and --report are of one image; name one.', 'verify')
  for (const target of [values.map, values.report])
    // Found out before the first byte is read, and not after the last.
    if (target !== undefined && fs.existsSync(target))
      throw new UsageError(`“${target}” already exists. Choose another name.`, 'verify')
  let worst: number = EXIT.ok
  for (const imagePath of positionals)
    worst = Math.max(worst, await verifyOne(imagePath, values, positionals.length > 1))
  return worst
}

/** One that cannot be opened keeps the others from nothing. */
async function verifyOne(imagePath: string, values: Values, isOfMany: boolean): Promise<number> {
  try {
    return await report(imagePath, values, isOfMany)
  } catch (error) {
    if (!isOfMany || error instanceof UsageError) throw error
    warn((error as Error).message)
    return exitStatusOf(error)
  }
}

async function report(imagePath: string, values: Values, isOfMany: boolean): Promise<number> {
  const given = sumsFor(imagePath, values)
  const opened = await openLocation(imagePath, locationOptions(values))
  const progress = ProgressLine.for(values.progress, values.quiet)
  try {
    const control = {
      checkpoint: () => undefined,
      progress: (change: Parameters<typeof progress.take>[0]) => {
        progress.take(change)
      },
    }
    const { image, file } = opened
    const isAlone = values['no-beside'] === true || (values.inside ?? []).length > 0
    const keys = values.key ?? []
    const request = {
      image,
      file,
      path: isAlone ? null : imagePath,
      name: path.basename(imagePath),
      viewId: chooseView(image, values.view).info.id,
      isDeep: values.deep === true,
      sums: given,
      signature: values.signature ?? null,
      keys,
      storedKeys: keyStore().files(),
    }
    const { checks, verdict, signatures, map, damage } = await checkImage(request, control).catch((error: unknown) => {
      throw error instanceof NoKeyError ? new UsageError(error.message, 'verify') : error
    })
    const isAsked = values.signature !== undefined || keys.length > 0
    const told = {
      checks: checks.map((check) => ({ ...withoutDetails(check), proves: provenBy(check) })),
      verdict,
      damage,
      signatures: [...signatures.ofImage, ...signatures.ofLists],
    }
    progress.clear()
    const output = new Output()
    if (values.json) output.line(JSON.stringify(isOfMany ? { path: imagePath, ...told } : told))
    else {
      const shown = checks.filter((check) => !values.quiet || check.verdict !== 'passed')
      for (const check of shown) output.line(`${MARKS[check.verdict]}  ${showable(check.detail)}`)
      if (!values.quiet) for (const line of unproven(signatures, isAsked)) output.line(showable(line))
      if (!values.quiet) output.line(`${showable(imagePath)} ${VERDICTS[verdict]}`)
    }
    output.flush()
    if (values.map !== undefined) await writeText(values.map, writeMapFile(map))
    if (values.report !== undefined) {
      const content = { path: imagePath, byteLength: file.byteLength, date: new Date().toISOString(), ...told }
      await writeText(values.report, reportText(values.report, content, map))
    }
    const rewritten = opened.rewritten()
    for (const { message } of rewritten) warn(message)
    return verdict === 'failed' || rewritten.length > 0 ? EXIT.damaged : EXIT.ok
  } finally {
    progress.clear()
    await opened.close()
  }
}

async function writeText(target: string, text: string): Promise<void> {
  await makeWholeFile(target, (_, file) => {
    file.write(Buffer.from(text, 'utf8'), 0)
    return Promise.resolve()
  })
}

/** What `--sum` says of the file that is named. @throws {UsageError} for a sum that is none */
function sumsFor(imagePath: string, { sum }: Values): ImageSum[] {
  if (sum === undefined) return []
  const given = imageSumOf(sum)
  if (given !== null) return [given]
  const listed = sumsIn(sum, path.basename(imagePath))
  if (listed.length > 0) return listed
  throw new UsageError(
    `--sum takes a checksum of ${path.basename(imagePath)}, or a list that has one; “${sum}” is neither.`,
    'verify',
  )
}
