import path from 'node:path'
import {
  findSignatures,
  findSumsBeside,
  imageSumOf,
  Keyring,
  NoKeyError,
  openLocation,
  sumsIn,
  verifyImage,
  type ImageSum,
  type OpenedLocation,
  type SignatureReport,
} from '../../../engine'
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
    const verified = await verifyImage(opened.image, view, control, { file: opened.file, sums })
    const signatures = await signaturesFor(imagePath, values, opened, sums)
    const isGiven = values.signature !== undefined || values.key !== undefined
    const { checks, verdict } = withSignatures(verified, signatures, isGiven)
    progress.clear()
    const output = new Output()
    if (values.json) {
      const told = { checks: checks.map((check) => ({ ...check, proves: provenBy(check) })), verdict, signatures }
      output.line(JSON.stringify(isOfMany ? { path: imagePath, ...told } : told))
    } else {
      const shown = checks.filter((check) => !values.quiet || check.verdict !== 'passed')
      for (const check of shown) output.line(`${MARKS[check.verdict]}  ${showable(check.detail)}`)
      if (!values.quiet) for (const line of unproven(signatures, isGiven)) output.line(showable(line))
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

async function signaturesFor(
  imagePath: string,
  { inside, key, signature, 'no-beside': isAlone }: Values,
  { file }: OpenedLocation,
  sums: readonly ImageSum[],
): Promise<SignatureReport[]> {
  const isUnasked = isAlone === true || (inside ?? []).length > 0
  const keyring = await Keyring.of(key ?? []).catch((error: unknown) => {
    throw error instanceof NoKeyError ? new UsageError(error.message, 'verify') : error
  })
  if (isUnasked && signature === undefined) return []
  const lists = isUnasked ? [] : [...new Set(sums.flatMap(({ from }) => from ?? []))]
  return findSignatures({ imagePath, image: file, lists, given: signature ?? null, keyring })
}

/** A signature by a key that nobody has named is only told of, unless somebody asked for one. */
function withSignatures(
  { checks, verdict }: VerifyReport,
  signatures: readonly SignatureReport[],
  isGiven: boolean,
): VerifyReport {
  const told = signatures.filter((one) => isGiven || one.verdict === 'genuine' || one.verdict === 'bad').map(checkOf)
  if (isGiven && signatures.length === 0)
    told.push({
      kind: 'signature',
      verdict: 'failed',
      detail: 'There is no signature over the image, or over a list that has its sum.',
    })
  if (told.length === 0) return { checks, verdict }
  const isWell = verdict !== 'failed' && told.every((check) => check.verdict === 'passed')
  return { checks: [...checks, ...told], verdict: isWell ? 'passed' : 'failed' }
}

function checkOf({ verdict, name, over, signer, fingerprint, reason }: SignatureReport): Check {
  const what = name === over ? `“${over}”` : `“${name}” over “${over}”`
  const who = signer === '' ? `key ${fingerprint}` : `${signer} (key ${fingerprint})`
  if (verdict === 'genuine') return { kind: 'signature', verdict: 'passed', detail: `${what} is signed by ${who}.` }
  const why =
    verdict === 'unknown-key'
      ? 'Its key is none that is trusted; compare its fingerprint with the maker’s page.'
      : reason
  return { kind: 'signature', verdict: 'failed', detail: `${what}, signed by ${who}, is not genuine: ${why}` }
}

/** What is worth a line, and neither passes nor fails. */
function unproven(signatures: readonly SignatureReport[], isGiven: boolean): string[] {
  if (isGiven) return []
  return signatures
    .filter(({ verdict }) => verdict === 'unknown-key' || verdict === 'not-valid')
    .map((one) => `not proven  ${checkOf(one).detail}`)
}

function provenBy({ kind }: Check): 'consistency' | 'integrity' | 'authenticity' {
  if (kind === 'signature') return 'authenticity'
  return kind === 'length' || kind === 'structures' ? 'consistency' : 'integrity'
}
