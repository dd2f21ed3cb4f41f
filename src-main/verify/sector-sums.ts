import { because, type CheckKind } from '../../src-shared/model'
import type { SectoredSource } from '../image/core/sectored-source'
import type { EntryTable } from '../image/core/entry-table'
import type { Finding } from './finding'
import type { ReadTally } from './read-tally'

const SECTOR = 2048
const CHUNK_BYTES = 512 * SECTOR
/** Files that are named one by one. */
const NAMED_LIMIT = 1000
/** Wrong sectors that are kept to look up whose they are; of a disc that is wrong throughout, some are enough. */
const KEPT_LIMIT = 1_000_000

/**
 * Checks every sector of a raw image against the error detection code and the address that it carries (ECMA-130 14.2,
 * 14.3), in one pass.
 * Answers one check for each file with wrong sectors and one for what no file holds, or one that all is well; none where
 * the sectors carry no codes.
 */
export async function checkSectorSums(
  sectors: SectoredSource,
  table: EntryTable,
  tally: ReadTally,
): Promise<Finding[]> {
  const wrong: number[] = []
  const unread: number[] = []
  let count = 0
  let isCarried = false
  for (let at = 0; at < sectors.byteLength; at += CHUNK_BYTES) {
    const wait = tally.checkpoint()
    if (wait) await wait
    const length = Math.min(CHUNK_BYTES, sectors.byteLength - at)
    const found = await wrongIn(sectors, at, length, unread)
    tally.add(length)
    if (found === null) continue
    isCarried = true
    count += found.length
    if (wrong.length < KEPT_LIMIT) wrong.push(...found)
  }
  const lost = unread.length === 0 ? [] : reportWrong(unread, unread.length, table, UNREAD)
  if (!isCarried || (count === 0 && lost.length > 0)) return lost
  if (count === 0)
    return [
      {
        check: {
          kind: 'edc',
          verdict: 'passed',
          detail: 'Every sector fits its own checksum (EDC).',
          details: because('sectorsFit', {}),
        },
        ranges: [],
      },
    ]
  return [...lost, ...reportWrong(wrong, count, table, MISFIT)]
}

/** Of which kind wrong sectors are, and what is the matter with one and with several: the end of a sentence. */
export interface WrongKind {
  kind: CheckKind
  one: string
  many: string
}

const AGAINST = 'fit the checksum (EDC) or the address in it'
const MISFIT: WrongKind = { kind: 'edc', one: `does not ${AGAINST}`, many: `do not ${AGAINST}` }
const UNREAD: WrongKind = { kind: 'edc', one: 'cannot be read', many: 'cannot be read' }

/**
 * Offsets of the sectors in a range that do not fit; null where they carry no codes.
 * @param unread gets those that cannot be read: the sectors around them are looked at all the same
 */
async function wrongIn(
  sectors: SectoredSource,
  byteOffset: number,
  byteLength: number,
  unread: number[],
): Promise<number[] | null> {
  try {
    return await sectors.wrongSectors(byteOffset, byteLength)
  } catch (error) {
    if ((error as { name?: string }).name !== 'SourceError') throw error
  }
  if (byteLength <= SECTOR) {
    if (unread.length < KEPT_LIMIT) unread.push(byteOffset)
    return null
  }
  const half = Math.ceil(byteLength / 2 / SECTOR) * SECTOR
  const first = await wrongIn(sectors, byteOffset, half, unread)
  const second = await wrongIn(sectors, byteOffset + half, byteLength - half, unread)
  return first === null ? second : [...first, ...(second ?? [])]
}

/**
 * A finding for each file that has wrong sectors, and one for those outside of files.
 * @param wrong offsets of wrong sectors in the blocks, in order: `count` of them, or the first of so many
 */
export function reportWrong(wrong: readonly number[], count: number, table: EntryTable, what: WrongKind): Finding[] {
  const findings: Finding[] = []
  const owned = new Set<number>()
  for (let entry = 1; entry < table.length; entry++) {
    const own = reachedBy(wrong, table.storedRunsOf(entry))
    if (own.length === 0) continue
    for (const at of own) owned.add(at)
    const path = table.pathOf(entry)
    if (findings.length < NAMED_LIMIT) findings.push(failed(what, `“${path}” is damaged: `, own.length, own, path))
  }
  const rest = count - owned.size
  const others = wrong.filter((at) => !owned.has(at))
  if (rest > 0 && others.length > 0) findings.push(failed(what, 'Outside of files, ', rest, others))
  return findings
}

/** @param sectors where they lie, in bytes: of `count`, those that are known */
function failed(
  { kind, one, many }: WrongKind,
  start: string,
  count: number,
  sectors: readonly number[],
  path?: string,
): Finding {
  const fault = count === 1 ? `1 sector ${one}` : `${count} sectors ${many}`
  const byteOffset = sectors[0] ?? 0
  const detail = `${start}${fault}, the first at sector ${byteOffset / SECTOR}.`
  const check = { kind, verdict: 'failed' as const, detail, byteOffset, ...(path === undefined ? {} : { path }) }
  return { check, ranges: sectors.flatMap((at) => [at, SECTOR]) }
}

/** The wrong sectors (in order) that lie in a file's runs. */
function reachedBy(wrong: readonly number[], runs: ArrayLike<number>): number[] {
  const own: number[] = []
  for (let i = 0; i + 1 < runs.length; i += 2) {
    const start = runs[i] ?? -1
    const end = start + (runs[i + 1] ?? 0)
    if (start < 0 || end === start) continue
    for (let at = firstFrom(wrong, start - (start % SECTOR)); at < wrong.length; at++) {
      const sector = wrong[at] ?? Infinity
      if (sector >= end) break
      own.push(sector)
    }
  }
  return own
}

function firstFrom(sorted: readonly number[], value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}
