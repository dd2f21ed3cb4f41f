import { sumMaker } from '../image/sums/sum-maker'
import type { Check, CheckKind } from '../../src-shared/model'
import type { EntryTable } from '../image/core/entry-table'
import type { SumAlgorithm, SumList } from '../image/sums/sums'
import type { PathIndex } from '../image/sums/path-index'
import { isWrittenWhenMade } from '../image/sums/written-when-made'
import { readTreeinfo } from '../image/sums/treeinfo'
import type { ReadTally } from './read-tally'

const CHUNK_BYTES = 1 << 20
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

/** Every sum of a file that the image carries: in lists of sums, and in `.treeinfo`. */
export async function findFileSums(table: EntryTable, lists: readonly SumList[], paths: PathIndex): Promise<FileSum[]> {
  const sums: FileSum[] = []
  for (const list of lists)
    for (const { path, entry, algorithm, hex } of list.lines)
      sums.push({ kind: 'sum-file', path, entry, algorithm, hex, from: list.path })
  const treeinfo = await readTreeinfo(table, paths)
  for (const { path, entry, algorithm, hex } of treeinfo?.lines ?? [])
    sums.push({ kind: 'treeinfo', path, entry, algorithm, hex, from: treeinfo?.path ?? '' })
  return sums
}

/** Lists that were found and are not, or not all, understood: nobody may take them for passed. */
export function findOddLists(lists: readonly SumList[]): Check[] {
  const odd: Check[] = []
  for (const { path, lines, notUnderstood } of lists) {
    const { count, first } = notUnderstood
    if (count > 0)
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

/** Bytes that reading these files will read. */
export function bytesOf(table: EntryTable, entries: Iterable<number | null>): number {
  let total = 0
  for (const entry of new Set(entries)) if (entry !== null) total += table.byteLengthOf(entry)
  return total
}

/**
 * Reads each file once, in the order in which they lie on the disc, and compares it with every sum there is of it.
 * @returns a check for each sum, in the order of `sums`
 */
export async function checkFileSums(table: EntryTable, sums: readonly FileSum[], tally: ReadTally): Promise<Check[]> {
  const byEntry = new Map<number, FileSum[]>()
  for (const sum of sums) {
    if (sum.entry === null) continue
    const known = byEntry.get(sum.entry)
    if (known === undefined) byEntry.set(sum.entry, [sum])
    else known.push(sum)
  }
  const results = new Map<FileSum, Check>()
  const entries = [...byEntry.keys()].sort((a, b) => (table.discPositionOf(a) < table.discPositionOf(b) ? -1 : 1))
  for (const entry of entries) {
    const wanted = byEntry.get(entry) ?? []
    const digests = await digestsOf(table, entry, new Set(wanted.map(({ algorithm }) => algorithm)), tally)
    for (const sum of wanted) {
      const check = compare(sum, digests)
      results.set(sum, check.verdict === 'failed' ? ((await explained(table, entry, sum)) ?? check) : check)
    }
  }
  return sums.map((sum) => results.get(sum) ?? missing(sum))
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

/**
 * Reads the files whose MD5 the image's writer kept with the directory. A check for each that does not give it, up to a
 * thousand, or one that all do.
 */
export async function checkRecordedSums(table: EntryTable, tally: ReadTally): Promise<Check[]> {
  const recorded = await table.recordedSums()
  if (recorded.isDamaged)
    return [{ kind: 'libisofs-md5', verdict: 'unreadable', detail: 'The table of the files’ sums is damaged.' }]
  const kind = recorded.algorithm === 'md5' ? 'libisofs-md5' : 'recorded-sum'
  const sums = [...recorded.sums].map(([entry, hex]): FileSum => {
    return { kind, path: table.pathOf(entry), entry, algorithm: recorded.algorithm, hex, from: '' }
  })
  if (sums.length === 0) return []
  const checks = await checkFileSums(table, sums, tally)
  const failed = checks.filter(({ verdict }) => verdict !== 'passed')
  if (failed.length === 0)
    return [{ kind, verdict: 'passed', detail: `All ${sums.length} files give the sums recorded for them.` }]
  return failed.slice(0, NAMED_LIMIT)
}

type Digests = Map<SumAlgorithm, string> | { problem: string }

async function digestsOf(
  table: EntryTable,
  entry: number,
  algorithms: ReadonlySet<SumAlgorithm>,
  tally: ReadTally,
): Promise<Digests> {
  const content = table.content(entry)
  if (!content) return { problem: `it is a ${table.kindOf(entry)}, not a file.` }
  const hashes = [...algorithms].map((algorithm) => ({ algorithm, hash: sumMaker(algorithm) }))
  const byteLength = table.byteLengthOf(entry)
  try {
    for (let at = 0; at < byteLength;) {
      const wait = tally.checkpoint()
      if (wait) await wait
      const bytes = await content.read(at, Math.min(CHUNK_BYTES, byteLength - at))
      if (bytes.byteLength === 0) return { problem: `only ${at} of its ${byteLength} bytes are in the image.` }
      for (const { hash } of hashes) hash.update(bytes)
      at += bytes.byteLength
      tally.add(bytes.byteLength, () => table.pathOf(entry))
    }
    if (content.damage) return { problem: content.damage }
  } catch (error) {
    if ((error as { name?: string }).name !== 'SourceError') throw error
    return { problem: (error as Error).message }
  } finally {
    await content.close()
  }
  return new Map(hashes.map(({ algorithm, hash }) => [algorithm, hash.digest('hex')]))
}

function compare(sum: FileSum, digests: Digests): Check {
  const { kind, path, algorithm, hex, from } = sum
  if ('problem' in digests) return { kind, verdict: 'unreadable', detail: `“${path}”: ${digests.problem}`, path }
  return digests.get(algorithm) === hex
    ? { kind, verdict: 'passed', detail: `“${path}” gives the ${algorithm} sum in “${from}”.`, path }
    : {
        kind,
        verdict: 'failed',
        detail: `“${path}” does not give the ${algorithm} sum ${from === '' ? 'that the image records for it' : `in “${from}”`}.`,
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
  return { kind, verdict: 'unreadable', detail: `“${path}”, which “${from}” names, is not in the image.`, path }
}
