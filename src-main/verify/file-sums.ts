import { because, type Check, type CheckKind } from '../../src-shared/model'
import type { EntryTable } from '../image/core/entry-table'
import type { SumAlgorithm, SumList } from '../image/sums/sums'
import type { PathIndex } from '../image/sums/path-index'
import { readRepositories } from '../image/sums/repositories'
import { isWrittenWhenMade } from '../image/sums/written-when-made'
import { readTreeinfo } from '../image/sums/treeinfo'
import { digestsOf, type Digests, type FileDigests } from './file-digests'
import type { Finding } from './finding'
import type { ReadTally } from './read-tally'

/** Files that are named one by one. */
const NAMED_LIMIT = 1000

/** What one file of the image should give. */
export interface FileSum {
  kind: CheckKind
  path: string
  /** Null where the view has no such file. */
  entry: number | null
  algorithm: SumAlgorithm
  hex: string
  /** The file of the image that says so. */
  from: string
}

/** Every sum of a file that the image carries: in lists of sums, in `.treeinfo`, and in repositories of packages. */
export async function findFileSums(table: EntryTable, lists: readonly SumList[], paths: PathIndex): Promise<FileSum[]> {
  const sums: FileSum[] = []
  for (const list of lists)
    for (const { path, entry, algorithm, hex } of list.lines)
      sums.push({ kind: 'sum-file', path, entry, algorithm, hex, from: list.path })
  const treeinfo = await readTreeinfo(table, paths)
  for (const { path, entry, algorithm, hex } of treeinfo?.lines ?? [])
    sums.push({ kind: 'treeinfo', path, entry, algorithm, hex, from: treeinfo?.path ?? '' })
  for (const { path: from, lines } of await readRepositories(table, paths))
    for (const { path, entry, algorithm, hex } of lines)
      sums.push({ kind: 'repository', path, entry, algorithm, hex, from })
  return sums
}

/** Lists that were found and are not, or not all, understood: nobody may take them for passed. */
export function findOddLists(lists: readonly SumList[]): Check[] {
  const odd: Check[] = []
  for (const { path, lines, notUnderstood, strangers } of lists) {
    const { count, first } = notUnderstood
    if (strangers !== undefined)
      odd.push({
        kind: 'sum-file',
        verdict: 'unreadable',
        detail: `“${path}” names ${strangers === 1 ? '1 file, which is not' : `${strangers} files, none of which is`} in the image.`,
        path,
      })
    else if (count > 0)
      odd.push({
        kind: 'sum-file',
        verdict: 'unreadable',
        detail: `“${path}” has ${count === 1 ? 'a line' : `${count} lines`} with a checksum in a form that is not known: ${first.slice(0, 200)}`,
        path,
      })
    else if (lines.length === 0)
      odd.push({
        kind: 'sum-file',
        verdict: 'unreadable',
        detail: `“${path}” is named like a list of checksums and holds none.`,
        path,
      })
  }
  return odd
}

/** Asks for what {@link checkFileSums} will compare. */
export function wantSums(sums: readonly FileSum[], digests: FileDigests): void {
  for (const { entry, algorithm } of sums) if (entry !== null) digests.want(entry, algorithm)
}

/**
 * Compares each file with every sum there is of it.
 * @param digests which were asked for these sums
 * @returns a finding for each sum, in the order of `sums`
 */
export async function checkFileSums(
  table: EntryTable,
  sums: readonly FileSum[],
  digests: FileDigests,
  tally: ReadTally,
): Promise<Finding[]> {
  const byEntry = new Map<number, FileSum[]>()
  for (const sum of sums) {
    if (sum.entry === null) continue
    const known = byEntry.get(sum.entry)
    if (known === undefined) byEntry.set(sum.entry, [sum])
    else known.push(sum)
  }
  const results = new Map<FileSum, Finding>()
  const entries = [...byEntry.keys()].sort((a, b) => (table.discPositionOf(a) < table.discPositionOf(b) ? -1 : 1))
  for (const entry of entries) {
    const wanted = byEntry.get(entry) ?? []
    const isRight = (given: ReadonlyMap<SumAlgorithm, string>): boolean =>
      wanted.every(({ algorithm, hex }) => given.get(algorithm) === hex)
    const given = await digests.of(entry, isRight, tally)
    for (const sum of wanted) {
      const check = compare(sum, given)
      const told = check.verdict === 'failed' ? ((await explained(table, entry, sum)) ?? check) : check
      // What only an explanation passed is not what the sum says.
      const isProven = check.verdict === 'passed'
      const ranges = isProven || told === check ? digests.placesOf(entry) : []
      results.set(sum, { check: told, ranges })
    }
  }
  return sums.map((sum) => results.get(sum) ?? { check: missing(sum), ranges: [] })
}

/** Files whose content is worked out from what is stored, and that no sum makes anybody read. */
export function packedFiles(table: EntryTable, sums: readonly FileSum[]): number[] {
  const read = new Set(sums.map(({ entry }) => entry))
  const packed: number[] = []
  for (let index = 1; index < table.length; index++)
    if (table.isPackedOf(index) && table.statusOf(index) === 'complete' && !read.has(index)) packed.push(index)
  return packed.sort((a, b) => (table.discPositionOf(a) < table.discPositionOf(b) ? -1 : 1))
}

/** Unpacks them: a packed block has a sum of its own. A check for each that cannot be unpacked, up to a thousand. */
export async function checkPackedFiles(
  table: EntryTable,
  packed: readonly number[],
  tally: ReadTally,
): Promise<Check[]> {
  const checks: Check[] = []
  for (const entry of packed) {
    const path = table.pathOf(entry)
    const read = await digestsOf(table, entry, new Set(), tally)
    if ('problem' in read && checks.length < NAMED_LIMIT)
      checks.push({ kind: 'structures', verdict: 'failed', detail: `“${path}” is damaged: ${read.problem}`, path })
  }
  return checks
}

/** The sums that the image's writer kept with the directory. */
export interface RecordedFileSums {
  sums: FileSum[]
  /** The table of them cannot be trusted. */
  problem: Check | null
}

export async function findRecordedSums(table: EntryTable): Promise<RecordedFileSums> {
  const recorded = await table.recordedSums()
  if (recorded.isDamaged)
    return {
      sums: [],
      problem: { kind: 'libisofs-md5', verdict: 'unreadable', detail: 'The table of the files’ sums is damaged.' },
    }
  const kind = recorded.algorithm === 'md5' ? 'libisofs-md5' : 'recorded-sum'
  const sums = [...recorded.sums].map(([entry, hex]): FileSum => {
    return { kind, path: table.pathOf(entry), entry, algorithm: recorded.algorithm, hex, from: '' }
  })
  return { sums, problem: null }
}

/** A finding for each that does not fit, up to a thousand, and one for all that do. */
export function sumUp(sums: readonly FileSum[], findings: readonly Finding[]): Finding[] {
  const [first] = sums
  if (first === undefined) return []
  const failed = findings.filter(({ check }) => check.verdict !== 'passed')
  const passed = findings.filter(({ check }) => check.verdict === 'passed')
  const ranges = passed.flatMap((finding) => Array.from(finding.ranges))
  const detail = `All ${sums.length} files give the sums recorded for them.`
  if (failed.length === 0) return [{ check: { kind: first.kind, verdict: 'passed', detail }, ranges }]
  return failed.slice(0, NAMED_LIMIT)
}

/**
 * A repository has tens of thousands of packages: of each list, what fits becomes one finding.
 * @param findings one for each of `sums`
 */
export function sumUpRepositories(sums: readonly FileSum[], findings: readonly Finding[]): Finding[] {
  const kept: Finding[] = []
  const fitting = new Map<string, { count: number; ranges: number[] }>()
  for (const [at, finding] of findings.entries()) {
    const sum = sums[at]
    if (sum?.kind !== 'repository' || finding.check.verdict !== 'passed') {
      kept.push(finding)
      continue
    }
    const of = fitting.get(sum.from) ?? { count: 0, ranges: [] }
    of.count++
    of.ranges.push(...Array.from(finding.ranges))
    fitting.set(sum.from, of)
  }
  for (const [from, { count, ranges }] of fitting) {
    const detail = `${count === 1 ? '1 file gives' : `${count} files give`} the sums in “${from}”.`
    kept.push({ check: { kind: 'repository', verdict: 'passed', detail, path: from }, ranges })
  }
  return kept
}

function compare(sum: FileSum, digests: Digests): Check {
  const { kind, path, algorithm, hex, from } = sum
  if ('problem' in digests) return { kind, verdict: 'unreadable', detail: `“${path}”: ${digests.problem}`, path }
  return digests.get(algorithm) === hex
    ? {
        kind,
        verdict: 'passed',
        detail: `“${path}” gives the ${algorithm} sum in “${from}”.`,
        details: because('givesSum', { path, algorithm, list: from }),
        path,
      }
    : {
        kind,
        verdict: 'failed',
        detail: `“${path}” does not give the ${algorithm} sum ${from === '' ? 'that the image records for it' : `in “${from}”`}.`,
        details:
          from === ''
            ? because('givesOtherRecordedSum', { path, algorithm })
            : because('givesOtherSum', { path, algorithm, list: from }),
        path,
      }
}

/** Of what was written when the image was made, a list that was made before says nothing; its own sum has been found right. */
async function explained(table: EntryTable, entry: number, { kind, path, from }: FileSum): Promise<Check | null> {
  const written = from === '' ? null : await isWrittenWhenMade(table, entry)
  if (written === null) return null
  const what = written === 'boot-catalog' ? 'is the boot catalog' : 'has a boot information table'
  const detail = `“${path}” ${what}, written when the image was made, after “${from}”; its own checksum is right.`
  return { kind, verdict: 'passed', detail, path }
}

function missing({ kind, path, from }: FileSum): Check {
  return {
    kind,
    verdict: 'unreadable',
    detail: `“${path}”, which “${from}” names, is not in the image.`,
    details: because('listedNotThere', { path, list: from }),
    path,
  }
}
