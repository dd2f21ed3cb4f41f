import { reportLong, TABLE_LIMIT } from '../disk/read-table'
import type { CheckedDisk, References } from './checked-disk'
import { Feature } from './header'
import { findLostClusters } from './lost-clusters'
import { readCounts, type ReferenceCounts } from './reference-counts'
import { walkTables, type Visitor, type WalkedFile } from './references'
import { readSnapshots } from './snapshots'

/**
 * Compares what the tables of a disk lead to with how often the file counts each of its clusters. What is led to more often
 * than it is counted is another's; what is counted, and led to by nothing, may be lost.
 */
export async function checkClusters(disk: CheckedDisk): Promise<void> {
  const { file, header } = disk
  const { clusterBits, byteLength } = header
  const clusterLength = 2 ** clusterBits
  const clusterCount = Math.ceil(file.byteLength / clusterLength)
  const diskClusters = Math.ceil(byteLength / clusterLength)
  const outsideCount = Math.ceil((disk.data?.byteLength ?? 0) / clusterLength)
  if (Math.max(clusterCount, outsideCount) > TABLE_LIMIT || diskClusters > TABLE_LIMIT * 8) {
    reportLong(disk.log, disk.name)
    return
  }
  const walked: WalkedFile = {
    file,
    clusterBits,
    isExtended: (header.features[0] & Feature.extendedEntries) !== 0,
    hasDataFile: (header.features[0] & Feature.dataFile) !== 0,
  }
  const found: References = {
    counted: new Uint8Array(clusterCount),
    owners: new Uint32Array(clusterCount),
    packed: new Uint8Array(clusterCount),
    outside: new Uint8Array(outsideCount),
    mapped: new Uint8Array(diskClusters),
    isWhole: true,
  }
  if (!(await walkTables(walked, header, activeVisitor(disk, found)))) return
  const counts = await countsOf(disk, clusterCount)
  if (counts !== null) await addOthers(disk, walked, found, counts)
  const excess = excessOf(found, counts?.counts ?? null)
  const lost = counts !== null && found.isWhole ? await findLostClusters(disk, found, counts.counts) : null
  if (excess.uncounted > 0 && lost === 'none') forgive(disk, found, counts?.counts ?? null, excess)
  await reportExcess(disk, walked, excess.clusters, found.outside)
}

function activeVisitor({ name, log, doubts, header }: CheckedDisk, found: References): Visitor {
  const { counted, owners, packed, outside, mapped } = found
  const clusterLength = 2 ** header.clusterBits
  return {
    table: (place) => {
      count(counted, place)
      return true
    },
    brokenTable: (first, length, entryOffset) => {
      log.damage(
        'DISK_TABLE_LOST',
        `A table of “${name}” is damaged: it leads to another that is not where it says.`,
        entryOffset,
      )
      const problem = `The table of “${name}” that leads to it is not where it should be.`
      doubts.add(first * clusterLength, (first + length) * clusterLength, problem)
    },
    cluster: (cluster, from, to, kind, entryOffset) => {
      mapped[cluster] = 1
      for (let place = from; place < to; place++) {
        count(counted, place)
        if (place < owners.length) owners[place] = cluster + 1
        if (kind === 'packed' && place < packed.length) packed[place] = 1
      }
      if (kind !== 'odd') return
      log.damage('DISK_ENTRY_ODD', `A table of “${name}” is damaged: it leads to between two clusters.`, entryOffset)
      const problem = `The table of “${name}” leads to between two clusters.`
      doubts.add(cluster * clusterLength, (cluster + 1) * clusterLength, problem)
    },
    outside: (cluster, place) => {
      mapped[cluster] = 1
      count(outside, place)
    },
    blank: (cluster) => {
      mapped[cluster] = 1
    },
  }
}

function count(counted: Uint8Array, place: number): void {
  if (place < counted.length) counted[place] = Math.min(255, (counted[place] ?? 0) + 1)
}

/** Null where there are none, or they were put off until the disk is closed, which it was not. */
async function countsOf({ file, header }: CheckedDisk, clusterCount: number): Promise<ReferenceCounts | null> {
  if ((header.features[0] & Feature.dirty) !== 0) return null
  const { countTableOffset, countTableClusters, countOrder, clusterBits } = header
  return readCounts(file, {
    clusterLength: 2 ** clusterBits,
    clusterCount,
    countOrder,
    tableOffset: countTableOffset,
    tableClusters: countTableClusters,
  })
}

/** What else the file leads to: earlier states of the disk, and its own structures. */
async function addOthers(
  { file, header }: CheckedDisk,
  walked: WalkedFile,
  found: References,
  counts: ReferenceCounts,
): Promise<void> {
  const { counted } = found
  const clusterLength = 2 ** header.clusterBits
  const addRange = (byteOffset: number, byteLength: number): void => {
    if (byteLength === 0) return
    const last = Math.floor((byteOffset + byteLength - 1) / clusterLength)
    for (let place = Math.floor(byteOffset / clusterLength); place <= last; place++) count(counted, place)
  }
  addRange(0, 1)
  addRange(header.tableOffset, header.tableCount * 8)
  for (const place of counts.own) count(counted, place)
  if (header.hasBitmaps) found.isWhole = false
  if (header.snapshotCount === 0) return
  const snapshots = await readSnapshots(file, header.snapshotOffset, header.snapshotCount)
  if (snapshots === null) {
    found.isWhole = false
    return
  }
  addRange(header.snapshotOffset, snapshots.end - header.snapshotOffset)
  let left = TABLE_LIMIT
  for (const table of snapshots.tables) {
    addRange(table.tableOffset, table.tableCount * 8)
    const isRead = await walkTables(walked, table, {
      table: (place, _, length) => {
        count(counted, place)
        left -= length
        if (left < 0) found.isWhole = false
        return left >= 0
      },
      brokenTable: () => (found.isWhole = false),
      cluster: (_, from, to) => {
        for (let place = from; place < to; place++) count(counted, place)
      },
      outside: () => undefined,
      blank: () => undefined,
    })
    if (!isRead) found.isWhole = false
  }
}

interface Excess {
  /** Of the file. */
  clusters: Set<number>
  /** Those of them that are led to once, and not counted at all. */
  uncounted: number
}

/** Clusters that are led to more often than is counted; more than once, where nothing is counted. */
function excessOf({ counted, owners, packed }: References, counts: Uint8Array | null): Excess {
  // A writer that counts none of what it has written does not count.
  const isCounting = counts !== null && owners.some((owner, place) => owner > 0 && (counts[place] ?? 0) > 0)
  const excess: Excess = { clusters: new Set(), uncounted: 0 }
  for (let place = 0; place < counted.length; place++) {
    const led = counted[place] ?? 0
    const allowed = isCounting ? (counts[place] ?? 0) : 1
    if (led <= allowed || led === 255) continue
    // Packed clusters lie several in one; how many may, only counts tell.
    if (!isCounting && packed[place] === 1) continue
    excess.clusters.add(place)
    if (led === 1) excess.uncounted++
  }
  return excess
}

/** Where nothing is lost, what is led to once is where it should be: the counts are damaged, and nothing else. */
function forgive({ name, log }: CheckedDisk, { counted }: References, counts: Uint8Array | null, excess: Excess): void {
  for (const place of excess.clusters)
    if (counted[place] === 1 && (counts?.[place] ?? 0) === 0) excess.clusters.delete(place)
  log.recovered(
    'DISK_COUNTS_DAMAGED',
    `“${name}” does not count ${excess.uncounted} of its clusters, though they are in use. None of them is missing.`,
  )
}

async function reportExcess(
  { name, header, log, doubts }: CheckedDisk,
  walked: WalkedFile,
  clusters: ReadonlySet<number>,
  outside: Uint8Array,
): Promise<void> {
  const twice = outside.reduce((sum, led) => sum + (led > 1 ? 1 : 0), 0)
  const total = clusters.size + twice
  if (total === 0) return
  const clusterLength = 2 ** header.clusterBits
  const problem = `The tables of “${name}” lead to it more often than it is counted: one of them is wrong.`
  let at: number | undefined
  const doubt = (cluster: number, entryOffset: number): void => {
    at ??= entryOffset
    doubts.add(cluster * clusterLength, (cluster + 1) * clusterLength, problem)
  }
  await walkTables(walked, header, {
    table: (place, first, length) => {
      if (clusters.has(place)) doubts.add(first * clusterLength, (first + length) * clusterLength, problem)
      return true
    },
    brokenTable: () => undefined,
    cluster: (cluster, from, to, _, entryOffset) => {
      let isIn = false
      for (let place = from; place < to; place++) isIn ||= clusters.has(place)
      if (isIn) doubt(cluster, entryOffset)
    },
    outside: (cluster, place, entryOffset) => {
      if ((outside[place] ?? 0) > 1) doubt(cluster, entryOffset)
    },
    blank: () => undefined,
  })
  log.damage(
    'DISK_BLOCK_TWICE',
    `The tables of “${name}” are damaged: they lead to ${total === 1 ? 'a cluster' : `${total} clusters`} of the file more often than is counted. At least one of two is wrong.`,
    at,
  )
}
