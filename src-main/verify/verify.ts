import {
  because,
  type Check,
  isConsistency,
  isTreeOfFiles,
  lacksKey,
  saidOf,
  type VerifyReport,
} from '../../src-shared/model'
import type { ByteSource } from '../image/core/byte-source'
import { hasPackedBlocks, type PackedBlocks } from '../image/core/packed-blocks'
import { isSectored } from '../image/core/sectored-source'
import type { DiscImage } from '../image/core/disc-image'
import type { EntryTable } from '../image/core/entry-table'
import { readMediaSums } from '../image/sums/media-sums'
import { PathIndex } from '../image/sums/path-index'
import { readSumLists } from '../image/sums/sums'
import { findBootInfo } from './boot-sums'
import { bytesOfSums, checkContainerSums } from './container-sums'
import { checkDvdisaster } from './dvdisaster-sums'
import { lengthOf, type Expectation } from './expectation'
import { FileDigests } from './file-digests'
import type { Finding } from './finding'
import { ReadTally } from './read-tally'
import type { Control } from '../task'
import {
  checkFileSums,
  checkPackedFiles,
  findFileSums,
  findOddLists,
  findRecordedSums,
  packedFiles,
  sumUp,
  sumUpRepositories,
  wantSums,
} from './file-sums'
import { checkDeep } from './deep/check-deep'
import { filesBetween } from './files-between'
import { brokenImplantedMd5, ImplantedMd5Check, readImplantedMd5, withoutImplantedMd5 } from './implanted-md5'
import { findTags, TagCheck } from './libisofs-tags'
import { MediaSumsCheck } from './media-sums'
import { PackedBlocksCheck } from './packed-blocks'
import { PieceCheck } from './piece-check'
import { covered, feedInOnePass, type UnreadRange } from './pass'
import { checkSectorSums } from './sector-sums'
import { differences, twinOf } from './twin-trees'
import { isPlain, WholeFileSums, type WholeFile } from './whole-file'

const SECTOR = 2048

/** What was checked, and of which bytes each check speaks. */
export interface Verified extends VerifyReport {
  findings: readonly Finding[]
  /** What could not be read, in the image's blocks. */
  unread: readonly UnreadRange[]
}

export interface VerifyOptions {
  /** Looks into files that carry sums of their own content. */
  isDeep?: boolean
}

/**
 * Makes every check that an image carries: is it as long as it says, can its directories be read, does it give the sums
 * that were implanted into it, do its files give the sums listed beside them. Every byte that a sum speaks of is read
 * once, in the order of the disc, whatever the number of sums.
 * @param viewId whose files the lists of sums mean
 * @param wholeFile the file that the image lies in, where others have sums of it
 * @throws whatever `control.checkpoint` throws; damage never throws, it is in the report
 */
export async function verifyImage(
  image: DiscImage,
  viewId: string,
  control: Control,
  wholeFile?: WholeFile,
  { isDeep = false }: VerifyOptions = {},
): Promise<Verified> {
  const tally = new ReadTally(control)
  const { blocks } = image
  const table = await image.view(viewId).readTree()
  const contradicted = await readOtherTrees(image, viewId, table, control)
  const findings: Finding[] = [lengthCheck(image), structureCheck(image), ...contentCheck(table), ...contradicted].map(
    unplaced,
  )
  const add = (more: readonly Finding[]): void => {
    // A list may have more lines than a call takes arguments.
    for (const finding of more) findings.push(finding)
  }

  const named = (from: number, to: number): string => filesBetween(table, from, to)
  const carried = await wholeImageChecks(blocks)
  const paths = new PathIndex(table)
  const lists = await readSumLists(table, paths)
  const sums = await findFileSums(table, lists, paths)
  const recorded = await findRecordedSums(table)
  // The sum of a session covers its files: each file's own is asked only where there is none, or it does not fit.
  const hasSession = carried.tags.length > 0
  const digests = new FileDigests(table, blocks)
  wantSums(sums, digests)
  if (!hasSession) wantSums(recorded.sums, digests)
  const whole = wholeFile === undefined ? null : new WholeFileSums(wholeFile)
  const boots = await findBootInfo(image)
  const ownPieces = await ownPiecesOf(image, findings)
  const isSameFile = wholeFile !== undefined && isPlain(blocks, wholeFile.file)
  const ofBlocks: Expectation[] = [
    ...carried.tags,
    ...(carried.implanted === null ? [] : [carried.implanted]),
    ...(carried.media?.expectations ?? []),
    ...boots,
    ...(ownPieces === null ? [] : [ownPieces]),
    ...digests.expectations(),
    ...(whole !== null && isSameFile ? whole.expectations : []),
  ]
  const ofFile = whole === null || isSameFile ? [] : whole.expectations
  const packed = packedFiles(table, sums)
  const sectors = isSectored(blocks) ? blocks : null
  // Where the container has sums of all that it holds, they are asked first.
  const unpacked = hasPackedBlocks(blocks) ? await packedBlocksOf(blocks, tally, findings) : null
  if (unpacked !== null && image.containerSums.length === 0) ofBlocks.push(unpacked)
  control.progress({
    bytesTotal:
      lengthOf(covered(ofBlocks)) +
      lengthOf(covered(ofFile)) +
      digests.bytesBeside() +
      packed.reduce((total, entry) => total + table.byteLengthOf(entry), 0) +
      (sectors?.byteLength ?? 0) +
      bytesOfSums(image.containerSums),
    entriesTotal: 0,
    isCounting: false,
  })

  const ofContainer = await checkContainerSums(image.containerSums, tally)
  add(ofContainer.map(unplaced))
  const isProven = ofContainer.length > 0 && ofContainer.every(({ verdict }) => verdict === 'passed')
  if (unpacked !== null && !isProven && image.containerSums.length > 0) ofBlocks.push(unpacked)
  if (sectors !== null) add(await checkSectorSums(sectors, table, image.volumeEnd || blocks.byteLength, tally))
  const unread = await feedInOnePass(blocks, ofBlocks, tally)
  if (unpacked !== null && !isProven) add(unpacked.findings(table))
  if (carried.implanted !== null) add([carried.implanted.finding(named)])
  add(carried.media?.findings() ?? [])
  for (const tag of carried.tags) add(tag.results())
  add(carried.problems.map(unplaced))
  add(await checkDvdisaster(blocks, wholeFile?.ecc ?? null, table, tally))
  add(sumUpRepositories(sums, await checkFileSums(table, sums, digests, tally)))
  add(findOddLists(lists).map(unplaced))
  add(boots.map((boot) => boot.finding()))
  if (ownPieces !== null) add(ownPieces.findings(null, true, named))
  if (isDeep) add(await checkDeep(table, tally))
  add((await checkPackedFiles(table, packed, tally)).map(unplaced))
  if (whole !== null) {
    if (ofFile.length > 0 && wholeFile !== undefined) await feedInOnePass(wholeFile.file, ofFile, tally)
    add(whole.findings(isSameFile, named))
  }
  if (recorded.problem !== null) add([unplaced(recorded.problem)])
  if (!hasSession || findings.some(({ check }) => !isSessionFit(check)))
    add(sumUp(recorded.sums, await checkFileSums(table, recorded.sums, asked(recorded.sums, digests), tally)))
  add(await checkOtherEditions(image, viewId, new Set(recorded.sums.map(({ hex }) => hex)), tally))
  add(checkWhileRead(image).map(unplaced))
  const checks = findings.map(({ check }) => check)
  const verdict = checks.every((check) => check.verdict === 'passed') ? verdictOf(checks) : 'failed'
  return { checks, verdict, findings, unread }
}

/**
 * Trees of the same kind beside the one that is shown, as an installation file of Windows has one for each edition: what
 * the image records of their files.
 * @param checked sums that were compared already; editions share most of their files
 */
async function checkOtherEditions(
  image: DiscImage,
  viewId: string,
  checked: Set<string>,
  tally: ReadTally,
): Promise<Finding[]> {
  const { views } = image.info
  const kind = views.find(({ id }) => id === viewId)?.kind
  const findings: Finding[] = []
  for (const view of views) {
    if (view.kind !== kind || view.id === viewId) continue
    const table = await image.view(view.id).readTree()
    // An earlier session of libisofs has sums of its own over all of it, and its files' are looked at with that.
    const sums = (await findRecordedSums(table)).sums.filter(({ kind: of }) => of === 'recorded-sum')
    const further = sums.filter(({ hex }) => !checked.has(hex))
    for (const { hex } of further) checked.add(hex)
    const digests = new FileDigests(table, image.blocks)
    findings.push(...sumUp(further, await checkFileSums(table, further, asked(further, digests), tally)))
  }
  return findings
}

/** What was compared while the image was read. What does not fit is damage, and was told as such. */
function checkWhileRead({ sumsThatFit, diagnostics }: DiscImage): Check[] {
  const checks: Check[] = []
  if (sumsThatFit.has('packed'))
    checks.push({ kind: 'container', verdict: 'passed', detail: 'What is packed gives the checksums packed with it.' })
  // Whatever is damaged, a sum may have told it.
  if (sumsThatFit.has('structures') && !diagnostics.some(({ severity }) => severity === 'damage')) {
    const detail = 'The checksums that the file system keeps of its own structures fit. They say nothing of contents.'
    checks.push({ kind: 'structures', verdict: 'passed', detail })
  }
  return checks
}

function unplaced(check: Check): Finding {
  return { check, ranges: [] }
}

/** Null where the table of its blocks cannot be read, which is told. */
async function packedBlocksOf(
  blocks: PackedBlocks,
  tally: ReadTally,
  findings: Finding[],
): Promise<PackedBlocksCheck | null> {
  try {
    return await PackedBlocksCheck.of(blocks, tally)
  } catch (error) {
    if ((error as { name?: string }).name !== 'SourceError') throw error
    findings.push(unplaced({ kind: 'container', verdict: 'unreadable', detail: (error as Error).message }))
    return null
  }
}

/** Of the table of sums that the file system has of itself. Null without one, and where it cannot be read, which is told. */
async function ownPiecesOf(image: DiscImage, findings: Finding[]): Promise<PieceCheck | null> {
  try {
    const list = await image.readPieces()
    return list === null ? null : new PieceCheck(list)
  } catch (error) {
    if ((error as { name?: string }).name !== 'SourceError') throw error
    findings.push(unplaced({ kind: 'pieces', verdict: 'unreadable', detail: (error as Error).message }))
    return null
  }
}

/** The same digests, which may not have been asked for these until now. */
function asked(sums: Parameters<typeof wantSums>[0], digests: FileDigests): FileDigests {
  wantSums(sums, digests)
  return digests
}

function isSessionFit({ kind, verdict }: Check): boolean {
  return kind !== 'libisofs-md5' || verdict === 'passed'
}

/** Only sums of files or of all of it count as something to check. */
function verdictOf(checks: readonly Check[]): VerifyReport['verdict'] {
  return checks.some(({ kind }) => !isConsistency(kind)) ? 'passed' : 'nothing-to-check'
}

function lengthCheck({ info }: DiscImage): Check {
  const { status, expectedByteLength, missingByteLength } = info.completeness
  return status === 'complete'
    ? {
        kind: 'length',
        verdict: 'passed',
        detail: 'The image is as long as its own structures say.',
        details: because('lengthFits', {}),
      }
    : {
        kind: 'length',
        verdict: 'failed',
        detail: `${missingByteLength} of its ${expectedByteLength} bytes are missing at its end.`,
        details: because('missingAtEnd', { missing: missingByteLength, total: expectedByteLength }),
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
  const costs = image.diagnostics.filter(({ severity }) => severity === 'damage')
  // Nothing is wrong with names that lack nothing but a key.
  const broken = costs.filter((one) => !lacksKey(one))
  const damage = broken.length > 0 ? broken : costs
  const [first] = damage
  if (!first)
    return {
      kind: 'structures',
      verdict: 'passed',
      detail: 'Every directory can be read.',
      details: because('foldersReadable', {}),
    }
  const more = damage.length > 1 ? ` And ${damage.length - 1} more like it.` : ''
  if (broken.length === 0) {
    const details = because('contentEncrypted', {})
    return { kind: 'structures', verdict: 'unreadable', detail: `${first.message}${more}`, details }
  }
  return {
    kind: 'structures',
    verdict: 'failed',
    detail: `${first.message}${more}`,
    details: because('imageDamaged', { fault: saidOf(first) }),
    ...(first.byteOffset === undefined ? {} : { byteOffset: first.byteOffset }),
  }
}

/** Files whose content is not all recorded, or is there and cannot be read without a key. */
function contentCheck(table: EntryTable): Check[] {
  const lacking: number[] = []
  const suspect: number[] = []
  const encrypted: number[] = []
  for (let index = 1; index < table.length; index++) {
    if (table.statusOf(index) === 'complete') continue
    const kind = table.isEncryptedOf(index) ? encrypted : table.isSuspectOf(index) ? suspect : lacking
    kind.push(index)
  }
  const checks: Check[] = []
  const [first] = lacking
  if (first !== undefined) {
    const path = table.pathOf(first)
    const detail = `“${path}” is not all in the image${andOthers(lacking.length, 'nor')}.`
    checks.push({ kind: 'structures', verdict: 'failed', detail, path })
  }
  const [doubtful] = suspect
  if (doubtful !== undefined) {
    const path = table.pathOf(doubtful)
    const detail = `“${path}” may be other than recorded${andOthers(suspect.length, 'and so')}: what it is packed in does not give its own sum, or contradicts itself.`
    checks.push({ kind: 'structures', verdict: 'failed', detail, path })
  }
  const [locked] = encrypted
  if (locked !== undefined) {
    const path = table.pathOf(locked)
    const detail = `“${path}” is encrypted${andOthers(encrypted.length, 'and so')}: without a key nothing can be read of it.`
    checks.push({ kind: 'structures', verdict: 'unreadable', detail, path, details: because('contentEncrypted', {}) })
  }
  return checks
}

function andOthers(count: number, word: string): string {
  return count === 1 ? '' : count === 2 ? `, ${word} is another one` : `, ${word} are ${count - 1} others`
}

interface CarriedSums {
  tags: TagCheck[]
  implanted: ImplantedMd5Check | null
  media: MediaSumsCheck | null
  problems: Check[]
}

/** The sums that lie in the image and speak of long ranges of it. */
async function wholeImageChecks(blocks: ByteSource): Promise<CarriedSums> {
  const carried: CarriedSums = { tags: [], implanted: null, media: null, problems: [] }
  try {
    const descriptor = await blocks.read(16 * SECTOR, SECTOR)
    const implanted = readImplantedMd5(descriptor)
    const media = readMediaSums(descriptor)
    if (media) carried.media = new MediaSumsCheck(media)
    if (implanted) carried.implanted = new ImplantedMd5Check(implanted)
    const broken = brokenImplantedMd5(descriptor)
    if (broken !== null) carried.problems.push(broken)
    const found = await findTags(blocks)
    carried.problems.push(...found.problems)
    // Images whose libisofs sums are older than the one that was implanted (xorriso, then implantisomd5) pass both.
    const form = implanted ? withoutImplantedMd5 : undefined
    for (const start of new Set(found.tags.map(({ rangeStart }) => rangeStart))) {
      const tags = found.tags.filter(({ rangeStart }) => rangeStart === start)
      carried.tags.push(new TagCheck(tags, form))
    }
  } catch (error) {
    if ((error as { name?: string }).name !== 'SourceError') throw error
    carried.problems.push({ kind: 'structures', verdict: 'unreadable', detail: (error as Error).message })
  }
  return carried
}
