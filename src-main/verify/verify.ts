import { isTreeOfFiles, type Check, type VerifyReport } from '../../src-shared/model'
import type { ByteSource } from '../image/core/byte-source'
import { isSectored } from '../image/core/sectored-source'
import type { DiscImage } from '../image/core/disc-image'
import type { EntryTable } from '../image/core/entry-table'
import { PathIndex } from '../image/sums/path-index'
import { readSumLists } from '../image/sums/sums'
import type { BlockCheck } from './block-check'
import { bytesOfSums, checkContainerSums } from './container-sums'
import { ReadTally } from './read-tally'
import type { Control } from '../task'
import {
  bytesOf,
  checkFileSums,
  checkPackedFiles,
  checkRecordedSums,
  findFileSums,
  findOddLists,
  packedFiles,
} from './file-sums'
import { ImplantedMd5Check, readImplantedMd5, withoutImplantedMd5 } from './implanted-md5'
import { findTags, TagCheck } from './libisofs-tags'
import { checkSectorSums } from './sector-sums'
import { differences, twinOf } from './twin-trees'
import { bytesOfWhole, checkWholeFile, type WholeFile } from './whole-file'

const CHUNK_BYTES = 1 << 20
const SECTOR = 2048

/**
 * Makes every check that an image carries: is it as long as it says, can its directories be read, does it give the sums
 * that were implanted into it, do its files give the sums listed beside them.
 * @param viewId whose files the lists of sums mean
 * @param wholeFile the file that the image lies in, where others have sums of it
 * @throws whatever `control.checkpoint` throws; damage never throws, it is in the report
 */
export async function verifyImage(
  image: DiscImage,
  viewId: string,
  control: Control,
  wholeFile?: WholeFile,
): Promise<VerifyReport> {
  const tally = new ReadTally(control)
  const table = await image.view(viewId).readTree()
  const contradicted = await readOtherTrees(image, viewId, table, control)
  const checks: Check[] = [lengthCheck(image), structureCheck(image), ...contentCheck(table), ...contradicted]
  const { whole, problems } = await wholeImageChecks(image.blocks)
  const paths = new PathIndex(table)
  const lists = await readSumLists(table, paths)
  const sums = await findFileSums(table, lists, paths)
  const sectors = isSectored(image.blocks) ? image.blocks : null
  const passEnd = Math.min(image.blocks.byteLength, Math.max(0, ...whole.map(({ end }) => end)))
  const packed = packedFiles(table, sums)
  const read = [...sums.map(({ entry }) => entry), ...packed]
  control.progress({
    bytesTotal:
      passEnd +
      bytesOf(table, read) +
      (sectors?.byteLength ?? 0) +
      bytesOfSums(image.containerSums) +
      bytesOfWhole(wholeFile),
    entriesTotal: 0,
    isCounting: false,
  })
  checks.push(...(await checkContainerSums(image.containerSums, tally)))
  if (sectors !== null) checks.push(...(await checkSectorSums(sectors, table, tally)))
  checks.push(...(await runBlockChecks(image.blocks, whole, tally)), ...problems)
  // A list may have more lines than a call takes arguments.
  for (const check of await checkFileSums(table, sums, tally)) checks.push(check)
  checks.push(...findOddLists(lists))
  for (const check of await checkPackedFiles(table, packed, tally)) checks.push(check)
  if (wholeFile !== undefined) checks.push(...(await checkWholeFile(wholeFile, tally)))
  // The sum of a session covers its files; where it does not fit, or there is none, each file's own tells which.
  const isCovered = checks.some(({ kind }) => kind === 'libisofs-md5') && checks.every(isSessionFit)
  if (!isCovered) for (const check of await checkRecordedSums(table, tally)) checks.push(check)
  return { checks, verdict: checks.every(({ verdict }) => verdict === 'passed') ? verdictOf(checks) : 'failed' }
}

function isSessionFit({ kind, verdict }: Check): boolean {
  return kind !== 'libisofs-md5' || verdict === 'passed'
}

/** That an image is as long as it says proves little: only sums count as something to check. */
function verdictOf(checks: readonly Check[]): VerifyReport['verdict'] {
  return checks.some(({ kind }) => kind !== 'structures' && kind !== 'length') ? 'passed' : 'nothing-to-check'
}

function lengthCheck({ info }: DiscImage): Check {
  const { status, expectedByteLength, missingByteLength } = info.completeness
  return status === 'complete'
    ? { kind: 'length', verdict: 'passed', detail: 'The image is as long as its own structures say.' }
    : {
        kind: 'length',
        verdict: 'failed',
        detail: `${missingByteLength} of its ${expectedByteLength} bytes are missing at its end.`,
      }
}

/**
 * What is damaged in a tree that is not shown is damaged all the same: reading it tells the image's diagnostics. The one
 * that tells most about the tree that is shown is compared with it.
 */
async function readOtherTrees(image: DiscImage, viewId: string, table: EntryTable, control: Control): Promise<Check[]> {
  const twinId = twinOf(image, viewId)
  const checks: Check[] = []
  for (const view of image.info.views) {
    // Earlier sessions and lists of what is no file system are views of what the trees hold.
    const isOther = view.id !== viewId && !view.id.includes('@') && isTreeOfFiles(view)
    if (!isOther && view.id !== twinId) continue
    await control.checkpoint()
    const other = await image.view(view.id).readTree()
    if (view.id !== twinId) continue
    for (const { message, byteOffset } of differences(viewId, table, twinId, other)) {
      const place = byteOffset === undefined ? {} : { byteOffset }
      checks.push({ kind: 'structures', verdict: 'failed', detail: message, ...place })
    }
  }
  return checks
}

function structureCheck(image: DiscImage): Check {
  const damage = image.diagnostics.filter(({ severity }) => severity === 'damage')
  const [first] = damage
  if (!first) return { kind: 'structures', verdict: 'passed', detail: 'Every directory can be read.' }
  const more = damage.length > 1 ? ` And ${damage.length - 1} more like it.` : ''
  return {
    kind: 'structures',
    verdict: 'failed',
    detail: `${first.message}${more}`,
    ...(first.byteOffset === undefined ? {} : { byteOffset: first.byteOffset }),
  }
}

/** Files whose content is not all recorded. */
function contentCheck(table: EntryTable): Check[] {
  let count = 0
  let first = -1
  for (let index = 1; index < table.length; index++) {
    if (table.statusOf(index) === 'complete') continue
    if (count++ === 0) first = index
  }
  if (first < 0) return []
  const path = table.pathOf(first)
  const others = count > 1 ? `, nor are ${count - 1} others` : ''
  return [{ kind: 'structures', verdict: 'failed', detail: `“${path}” is not all in the image${others}.`, path }]
}

async function wholeImageChecks(blocks: ByteSource): Promise<{ whole: BlockCheck[]; problems: Check[] }> {
  const whole: BlockCheck[] = []
  const problems: Check[] = []
  try {
    const implanted = readImplantedMd5(await blocks.read(16 * SECTOR, SECTOR))
    if (implanted) whole.push(new ImplantedMd5Check(implanted))
    const found = await findTags(blocks)
    problems.push(...found.problems)
    for (const start of new Set(found.tags.map(({ rangeStart }) => rangeStart)))
      whole.push(new TagCheck(found.tags.filter(({ rangeStart }) => rangeStart === start)))
  } catch (error) {
    if ((error as { name?: string }).name !== 'SourceError') throw error
    problems.push({ kind: 'structures', verdict: 'unreadable', detail: (error as Error).message })
  }
  return { whole, problems }
}

/** One pass over the image feeds them all. */
async function runBlockChecks(blocks: ByteSource, whole: readonly BlockCheck[], tally: ReadTally): Promise<Check[]> {
  const end = Math.max(0, ...whole.map((check) => check.end))
  const isImplanted = whole.some((check) => check instanceof ImplantedMd5Check)
  let position = 0
  let problem: string | null = null
  while (position < end) {
    const wait = tally.checkpoint()
    if (wait) await wait
    let bytes: Uint8Array
    try {
      bytes = await blocks.read(position, Math.min(CHUNK_BYTES, end - position))
    } catch (error) {
      if ((error as { name?: string }).name !== 'SourceError') throw error
      problem = (error as Error).message
      break
    }
    if (bytes.byteLength === 0) {
      problem = `the image ends ${end - position} bytes too early.`
      break
    }
    // Images whose libisofs sums are older than the one that was implanted (xorriso, then implantisomd5) pass both.
    if (isImplanted) bytes = withoutImplantedMd5(bytes, position)
    for (const check of whole) {
      const from = Math.max(0, check.start - position)
      const to = Math.min(bytes.byteLength, check.end - position)
      if (from < to) check.feed(bytes.subarray(from, to))
    }
    position += bytes.byteLength
    tally.add(bytes.byteLength)
  }
  return whole.flatMap((check) => check.finish(check.end <= position ? null : problem))
}
