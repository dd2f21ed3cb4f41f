import { ByteReader } from '../../core/byte-reader'
import type { ByteSource, MaybePromise } from '../../core/byte-source'
import { ClusterBitmap } from '../../core/cluster-bitmap'
import { sumOfRuns } from '../../core/content-runs'
import { ExtentSource } from '../../core/sources/extent-source'
import { DELETED_LIMIT, type DeletedFile, type DeletedFiles } from '../deleted-files'
import { isCluster, type ExfatBoot } from './boot-sector'
import { ClusterChains } from './cluster-chains'
import { ENTRY_LENGTH, EntryType, isInUse, readEntrySet, type EntrySet } from './entry-set'

const IN_USE = 0x80
/** exFAT specification 7.1: the map of what is in use. */
const BITMAP = 0x81
/** Of one directory; those of 256 MiB that the specification allows (7.6.7) are read in part. */
const DIRECTORY_LIMIT = 16 << 20
const DIRECTORY_COUNT_LIMIT = 1_000_000
const SET_LIMIT = 19
/** How many deleted files, one after another, may have had each cluster, on average. */
const GENERATIONS = 64

/**
 * Deleted files of exFAT: their entries lack one bit each, and their sum still says whether they belong together. Systems
 * leave the links of their clusters alone.
 */
export class DeletedExfatFiles implements DeletedFiles {
  private bitmap: ClusterBitmap | null = null
  private readonly chains: ClusterChains

  constructor(
    private readonly volume: ByteSource,
    private readonly boot: ExfatBoot,
  ) {
    this.chains = new ClusterChains(volume, boot, GENERATIONS)
  }

  async *files(checkpoint: () => MaybePromise<void>): AsyncGenerator<DeletedFile> {
    const { boot, volume } = this
    // No cluster belongs to two directories: what one walk may follow is enough for all of them.
    const chains = new ClusterChains(volume, boot)
    const root = await chains.chain(boot.rootCluster, DIRECTORY_LIMIT)
    const waiting = [{ runs: root, isDeleted: false }]
    const seen = new Set([boot.rootCluster])
    let left = DELETED_LIMIT
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const wait = checkpoint()
      if (wait) await wait
      for (const { set, isDeleted } of await this.setsIn(next.runs)) {
        const isGone = isDeleted || next.isDeleted
        if (!set.isDirectory) {
          const file = isGone ? await this.file(set) : null
          if (file === null) continue
          if (--left < 0) return
          yield file
        } else if (!seen.has(set.firstCluster) && seen.size < DIRECTORY_COUNT_LIMIT) {
          seen.add(set.firstCluster)
          waiting.push({ runs: await runsOf(chains, set, DIRECTORY_LIMIT), isDeleted: isGone })
        }
      }
    }
  }

  async bytesInUse(byteOffset: number, byteLength: number): Promise<number> {
    const { heapOffset, clusterLength } = this.boot
    this.bitmap ??= await this.openBitmap()
    const from = Math.max(byteOffset, heapOffset)
    const inFront = Math.min(byteLength, from - byteOffset)
    return inFront + (await this.bitmap.bytesInUse(from - heapOffset, byteLength - inFront, clusterLength))
  }

  /** Those that are in use lead to directories; of the others, those whose sum fits. */
  private async setsIn(runs: number[]): Promise<{ set: EntrySet; isDeleted: boolean }[]> {
    const byteLength = Math.min(sumOfRuns(runs), DIRECTORY_LIMIT)
    const bytes = await new ExtentSource(this.volume, runs, byteLength).read(0, byteLength)
    const entries = new ByteReader(bytes)
    const sets: { set: EntrySet; isDeleted: boolean }[] = []
    for (let at = 0; entries.has(at, ENTRY_LENGTH); at += ENTRY_LENGTH) {
      const type = entries.u8(at)
      if (type === EntryType.end) break
      if ((type | IN_USE) !== EntryType.file) continue
      const set = isInUse(type) ? readEntrySet(entries, at) : readDeletedSet(entries, at)
      if (set === null) continue
      sets.push({ set, isDeleted: !isInUse(type) })
      at += (set.entryCount - 1) * ENTRY_LENGTH
    }
    return sets
  }

  private async file(set: EntrySet): Promise<DeletedFile | null> {
    const { boot } = this
    const { byteLength, firstCluster, name } = set
    if (byteLength === 0 || !isCluster(firstCluster, boot.clusterCount)) return null
    if (!(byteLength <= boot.clusterCount * boot.clusterLength)) return null
    const valid = Math.min(set.validLength, byteLength)
    let runs = await runsOf(this.chains, set, valid)
    const isLost = sumOfRuns(runs) < valid
    if (isLost) runs = this.chains.row(firstCluster, valid)
    if (sumOfRuns(runs) < valid) return null
    // What was never written is zeros (exFAT specification 7.6.5).
    if (valid < byteLength) runs.push(-1, byteLength - valid)
    return { name, byteLength, runs, isAssumed: isLost }
  }

  private async openBitmap(): Promise<ClusterBitmap> {
    const { boot, volume } = this
    const chains = new ClusterChains(volume, boot)
    const runs = await chains.chain(boot.rootCluster, DIRECTORY_LIMIT)
    const byteLength = Math.min(sumOfRuns(runs), DIRECTORY_LIMIT)
    const root = new ByteReader(await new ExtentSource(volume, runs, byteLength).read(0, byteLength))
    for (let at = 0; root.has(at, ENTRY_LENGTH) && root.u8(at) !== EntryType.end; at += ENTRY_LENGTH) {
      if (root.u8(at) !== BITMAP) continue
      const length = Math.min(root.u64Le(at + 24), Math.ceil(boot.clusterCount / 8))
      const mapRuns = await chains.chain(root.u32Le(at + 20), length)
      return new ClusterBitmap(new ExtentSource(volume, mapRuns, sumOfRuns(mapRuns)))
    }
    return new ClusterBitmap(new ExtentSource(volume, [], 0))
  }
}

function runsOf(chains: ClusterChains, set: EntrySet, limit: number): Promise<number[]> | number[] {
  const byteLength = Math.min(set.byteLength, limit)
  return set.isContiguous ? chains.row(set.firstCluster, byteLength) : chains.chain(set.firstCluster, byteLength)
}

/** The set at `at` as it was before it was deleted; null where it is none, or its sum does not fit. */
function readDeletedSet(entries: ByteReader, at: number): EntrySet | null {
  const count = entries.u8(at + 1) + 1
  if (count > SET_LIMIT || !entries.has(at, count * ENTRY_LENGTH)) return null
  const bytes = entries.slice(at, count * ENTRY_LENGTH).slice()
  for (let entry = 0; entry < bytes.byteLength; entry += ENTRY_LENGTH) bytes[entry] = (bytes[entry] ?? 0) | IN_USE
  const set = readEntrySet(new ByteReader(bytes), 0)
  return set?.isIntact === true ? set : null
}
