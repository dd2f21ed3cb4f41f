import path from 'node:path'
import { findSumsBeside, imageSumOf, openLocation, sumsIn, verifyImage, type ImageSum } from '../../../engine'
import type { Check, VerifyReport } from '../../../../src-shared/model'
import { locationOptions, parse, type ValuesOf } from '../../arguments'
import { EXIT, exitStatusOf, UsageError } from '../../exit-status'
import { Output, showable, warn } from '../../output'
import { ProgressLine } from '../../progress-line'
import { chooseView } from '../../view-choice'
import { verify } from './definition'

type Values = ValuesOf<typeof verify>

const MARKS: Record<Check['verdict'], string> = { passed: 'passed    ', failed: 'FAILED    ', unreadable: 'UNREADABLE' }
const VERDICTS: Record<VerifyReport['verdict'], string> = {
  passed: 'passed all checks.',
  failed: 'did not pass.',
  'nothing-to-check': "has no checksums, so its contents can't be verified.",
}

/** `isolde verify IMAGE… [--json]`: every check that images carry, or that lies beside them, each with its verdict. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(verify, args)
  if (positionals.length === 0) throw new UsageError('Name the image.', 'verify')
  if (positionals.length > 1 && values.sum !== undefined && imageSumOf(values.sum) !== null)
    throw new UsageError('--sum with a sum of its own is of one image; name one, or give a list.', 'verify')
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
  const sums = sumsFor(imagePath, values)
  const opened = await openLocation(imagePath, locationOptions(values))
  const progress = ProgressLine.for(values.progress, values.quiet)
  try {
    const control = {
      checkpoint: () => undefined,
      progress: (change: Parameters<typeof progress.take>[0]) => {
        progress.take(change)
      },
    }
    const view = chooseView(opened.image, values.view).info.id
    const { checks, verdict } = await verifyImage(opened.image, view, control, { file: opened.file, sums })
    progress.clear()
    const output = new Output()
    if (values.json) output.line(JSON.stringify(isOfMany ? { path: imagePath, checks, verdict } : { checks, verdict }))
    else {
      const shown = checks.filter((check) => !values.quiet || check.verdict !== 'passed')
      for (const check of shown) output.line(`${MARKS[check.verdict]}  ${showable(check.detail)}`)
      if (!values.quiet) output.line(`${showable(imagePath)} ${VERDICTS[verdict]}`)
    }
    output.flush()
    const rewritten = opened.rewritten()
    for (const { message } of rewritten) warn(message)
    return verdict === 'failed' || rewritten.length > 0 ? EXIT.damaged : EXIT.ok
  } finally {
    progress.clear()
    await opened.close()
  }
}

/** Of the file that is named: an image inside it has none of its own. @throws {UsageError} for a sum that is none */
function sumsFor(imagePath: string, { sum, inside, 'no-beside': isAlone }: Values): ImageSum[] {
  const beside = isAlone === true || (inside ?? []).length > 0 ? [] : findSumsBeside(imagePath)
  if (sum === undefined) return beside
  const given = imageSumOf(sum)
  if (given !== null) return [given, ...beside]
  const listed = sumsIn(sum, path.basename(imagePath))
  if (listed.length === 0)
    throw new UsageError(
      `--sum takes a checksum of ${path.basename(imagePath)}, or a list that has one; “${sum}” is neither.`,
      'verify',
    )
  return [...listed, ...beside.filter(({ from }) => from !== path.basename(sum))]
}
