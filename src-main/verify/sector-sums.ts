import { because, type CheckKind } from '../../src-shared/model'
import type { SectoredSource, SectorFaults } from '../image/core/sectored-source'
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
 * Checks every sector of a raw image against the error detection code, the mode and the address that it carries (ECMA-130
 * 14), in one pass.
 * Answers one check for each file with wrong sectors and one for what no file holds, or one that all is well; none where
 * the sectors carry no codes and nothing speaks against any.
 * @param volumeEnd where the last volume ends, in bytes of the blocks: behind it, and where sectors carry no codes, what is
 * no sector and in no file is padding or sound
 */
export async function checkSectorSums(
  sectors: SectoredSource,
  table: EntryTable,
  volumeEnd: number,
  tally: ReadTally,
): Promise<Finding[]> {
  const wrong = new Faults()
  const blank = new Faults()
  const unread: number[] = []
  let isCarried = false
  for (let at = 0; at < sectors.byteLength; at += CHUNK_BYTES) {
    const wait = tally.checkpoint()
    if (wait) await wait
    const length = Math.min(CHUNK_BYTES, sectors.byteLength - at)
    const found = await faultsIn(sectors, at, length, unread)
    tally.add(length)
    isCarried ||= found.carriesSums
    wrong.add(found.wrong)
    blank.add(found.blank)
  }
  const claimedEnd = isCarried ? volumeEnd : 0
  const findings = [
    ...reportWrong(unread, unread.length, table, UNREAD),
    ...reportWrong(blank.kept, blank.count, table, BLANK, claimedEnd),
    ...reportWrong(wrong.kept, wrong.count, table, MISFIT),
  ]
  if (findings.length > 0 || !isCarried) return findings
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
}

/** Offsets of sectors in order, of which the first million are kept. */
class Faults {
  readonly kept: number[] = []
  count = 0

  add(more: readonly number[]): void {
    this.count += more.length
    if (this.kept.length < KEPT_LIMIT) for (const at of more) this.kept.push(at)
  }
}

/** Of which kind wrong sectors are, and what is the matter with one and with several: the end of a sentence. */
export interface WrongKind {
  kind: CheckKind
  one: string
  many: string
}

const AGAINST = 'fit the checksum (EDC) or the header in it'
const MISFIT: WrongKind = { kind: 'edc', one: `does not ${AGAINST}`, many: `do not ${AGAINST}` }
const BLANK: WrongKind = {
  kind: 'edc',
  one: 'does not begin as sectors do: it was not recorded, or could not be read',
  many: 'do not begin as sectors do: they were not recorded, or could not be read',
}
const UNREAD: WrongKind = { kind: 'edc', one: 'cannot be read', many: 'cannot be read' }

/**
 * What the sectors in a range say against themselves.
 * @param unread gets those that cannot be read: the sectors around them are looked at all the same
 */
async function faultsIn(
  sectors: SectoredSource,
  byteOffset: number,
  byteLength: number,
  unread: number[],
): Promise<SectorFaults> {
  try {
    return await sectors.sectorFaults(byteOffset, byteLength)
  } catch (error) {
    if ((error as { name?: string }).name !== 'SourceError') throw error
  }
  if (byteLength <= SECTOR) {
    if (unread.length < KEPT_LIMIT) unread.push(byteOffset)
    return { wrong: [], blank: [], carriesSums: false }
  }
  const half = Math.ceil(byteLength / 2 / SECTOR) * SECTOR
  const first = await faultsIn(sectors, byteOffset, half, unread)
  const second = await faultsIn(sectors, byteOffset + half, byteLength - half, unread)
  return {
    wrong: [...first.wrong, ...second.wrong],
    blank: [...first.blank, ...second.blank],
    carriesSums: first.carriesSums || second.carriesSums,
  }
}

/**
 * A finding for each file that has wrong sectors, and one for those outside of files.
 * @param wrong offsets of wrong sectors in the blocks, in order: `count` of them, or the first of so many
 * @param claimedEnd from where on those outside of files are nobody's, in bytes
 */
export function reportWrong(
  wrong: readonly number[],
  count: number,
  table: EntryTable,
  what: WrongKind,
  claimedEnd = Infinity,
): Finding[] {
  if (wrong.length === 0) return []
  const findings: Finding[] = []
  const owned = new Set<number>()
  for (let entry = 1; entry < table.length; entry++) {
    const own = reachedBy(wrong, table.storedRunsOf(entry))
    if (own.length === 0) continue
    for (const at of own) owned.add(at)
    const path = table.pathOf(entry)
    if (findings.length < NAMED_LIMIT) findings.push(failed(what, `“${path}” is damaged: `, own.length, own, path))
  }
  const others = wrong.filter((at) => at < claimedEnd && !owned.has(at))
  const rest = claimedEnd === Infinity ? count - owned.size : others.length
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
