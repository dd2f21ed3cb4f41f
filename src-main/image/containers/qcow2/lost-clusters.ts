import { readOrNull } from '../disk/read-table'
import type { CheckedDisk, References } from './checked-disk'
import { offsetAt } from './reference-counts'

/** Clusters that are looked into for anything but zeros, in bytes. */
const LOOKED_AT = 64 << 20

/** Clusters that a program may write at a time. */
const UNDER_WAY = 16

/** Clusters of the file that are counted and led to by nothing, between two that are led to. */
interface Leak {
  /** Of the file. */
  first: number
  count: number
  /** The clusters of the disk whose bytes lie in front of and behind them; −1 without. */
  before: number
  behind: number
}

/**
 * Looks for clusters that are counted, and that nothing leads to. A computer that was cut off leaves some: they belong to
 * nobody. Where they lie just as the holes of the table do, its entries are lost.
 */
export async function findLostClusters(
  disk: CheckedDisk,
  found: References,
  counts: Uint8Array,
): Promise<'none' | 'some'> {
  const { name, log, doubts, header } = disk
  const clusterLength = 2 ** header.clusterBits
  const leaks = leaksOf(found, counts)
  const [first] = leaks
  if (first === undefined) return 'none'
  const last = leaks.filter(({ behind }) => behind < 0)
  if (last.length > 0 && (await holdsTable(disk, leaks))) for (const leak of last) leak.behind = found.mapped.length
  const problem = `The tables of “${name}” do not lead to all of its clusters: this one may be lost.`
  let lost = 0
  let at = 0
  let left = LOOKED_AT
  for (const { first: place, count, before, behind } of leaks) {
    if (before >= behind || !hasHole(found, before, behind)) continue
    left -= count * clusterLength
    if (left >= 0 && found.counted[place] === 0 && (await isBlank(disk, place, count))) continue
    if (lost === 0) at = place * clusterLength
    lost += count
    for (let cluster = before + 1; cluster < behind; cluster++)
      if (found.mapped[cluster] === 0) doubts.add(cluster * clusterLength, (cluster + 1) * clusterLength, problem)
  }
  const total = leaks.reduce((sum, { count }) => sum + count, 0)
  if (lost > 0)
    log.damage(
      'DISK_BLOCK_LOST',
      `The tables of “${name}” are damaged: ${lost === 1 ? 'a cluster of the file is' : `${lost} clusters of the file are`} none of the disk’s, and lie where some of the disk’s are missing. What was written there reads as if it never was.`,
      at,
    )
  else
    log.warn(
      'DISK_BLOCKS_UNUSED',
      `“${name}” has ${total} clusters that are counted and belong to nothing, as a computer leaves them that was cut off.`,
      first.first * clusterLength,
    )
  return 'some'
}

function leaksOf({ counted, owners, packed, mapped }: References, counts: Uint8Array): Leak[] {
  const leaks: Leak[] = []
  let open: Leak[] = []
  let before = -1
  for (let place = 0; place < counts.length; place++) {
    const owner = (owners[place] ?? 0) - 1
    if (owner >= 0) {
      for (const leak of open) leak.behind = owner
      open = []
    }
    const led = counted[place] ?? 0
    const isLeaked = (counts[place] ?? 0) > led && (led === 0 || packed[place] === 1)
    const last = open.at(-1)
    if (isLeaked && last !== undefined && led === 0 && last.first + last.count === place) last.count++
    else if (isLeaked) {
      const leak = { first: place, count: 1, before, behind: mapped.length }
      leaks.push(leak)
      open.push(leak)
    }
    if (owner >= 0) before = owner
  }
  // Nothing lies behind the last ones: they were written last, by a computer that was cut off. Several writes were under
  // way then, some of which had come further than those in front of them.
  if (open.length === 0) return leaks
  let under = 0
  for (let place = counts.length - 1, next = leaks.length - 1; next >= 0 && under <= UNDER_WAY; place--) {
    if ((owners[place] ?? 0) > 0) under++
    const leak = leaks[next]
    if (leak?.first !== place) continue
    if (under <= UNDER_WAY) leak.behind = -1
    next--
  }
  return leaks
}

/**
 * Whether one of the clusters is a table that leads to others of them: it was in use. One that a computer was cut off
 * over leads nowhere yet.
 */
async function holdsTable(disk: CheckedDisk, leaks: readonly Leak[]): Promise<boolean> {
  const { file, header } = disk
  const clusterLength = 2 ** header.clusterBits
  const places = new Set(leaks.flatMap(({ first, count }) => Array.from({ length: count }, (_, at) => first + at)))
  let left = LOOKED_AT
  for (const place of places) {
    if ((left -= clusterLength) < 0) return false
    const bytes = await readOrNull(file, place * clusterLength, clusterLength)
    if (bytes === null) continue
    let led = 0
    for (let at = 0; at + 8 <= bytes.byteLength && led < 2; at += 8) {
      const offset = offsetAt(bytes, at)
      if (offset > 0 && offset % clusterLength === 0 && places.has(offset / clusterLength)) led++
    }
    if (led > 1) return true
  }
  return false
}

function hasHole({ mapped }: References, before: number, behind: number): boolean {
  const hole = mapped.indexOf(0, before + 1)
  return hole >= 0 && hole < behind
}

async function isBlank({ file, header }: CheckedDisk, place: number, count: number): Promise<boolean> {
  const clusterLength = 2 ** header.clusterBits
  for (let cluster = place; cluster < place + count; cluster++) {
    const at = cluster * clusterLength
    const bytes = await readOrNull(file, at, Math.min(clusterLength, file.byteLength - at))
    if (bytes?.some((byte) => byte !== 0) !== false) return false
  }
  return true
}
