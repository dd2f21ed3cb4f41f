import { readOrNull } from '../disk/read-table'
import type { CheckedDisk, References } from './checked-disk'

/** Clusters that are looked into for anything but zeros, in bytes. */
const LOOKED_AT = 64 << 20

/** Clusters of the file that are counted and led to by nothing, between two that are led to. */
interface Leak {
  /** Of the file. */
  first: number
  count: number
  /** The clusters of the disk whose bytes lie in front of and behind them; −1, or the disk's end. */
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
  let isInOrder = true
  for (let place = 0; place < counts.length; place++) {
    const owner = (owners[place] ?? 0) - 1
    if (owner >= 0) {
      for (const leak of open) leak.behind = owner
      if (owner < before) isInOrder = false
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
  // Nothing lies behind the last ones: they were written last, unless the file's order is that of the disk.
  if (!isInOrder) for (const leak of open) leak.behind = -1
  return leaks
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
