import { readU16Le, readU32Le } from '../../core/byte-reader'
import type { ByteSource, MaybePromise } from '../../core/byte-source'
import { nameDecoder } from '../../../../src-shared/charset/detect'
import { DiagnosticLog } from '../../core/diagnostic-log'
import { sumOfRuns } from '../../core/content-runs'
import { ExtentSource } from '../../core/sources/extent-source'
import { DELETED_LIMIT, type DeletedFile, type DeletedFiles } from '../deleted-files'
import type { FatBootSector } from './boot-sector'
import { clusterOffset, ClusterTable } from './cluster-table'
import {
  Attribute,
  DEFAULT_CODE_PAGE,
  DELETED,
  ENTRY_LENGTH,
  firstCluster,
  isLongName,
  joinLongName,
  longNamePart,
  readShortName,
} from './directory-entry'

/** FAT specification 6: a directory has at most 65 536 entries. */
const DIRECTORY_LIMIT = 65_536 * ENTRY_LENGTH
const DIRECTORY_COUNT_LIMIT = 1_000_000
/** Clusters whose numbers need the upper half of an entry’s. */
const HALF = 0x10000

/**
 * Deleted files of FAT. An entry keeps its first cluster and its length; what links its clusters is zeroed, so that they
 * are taken as they follow, or as they follow among those that are not in use.
 */
export class DeletedFatFiles implements DeletedFiles {
  private readonly table: ClusterTable
  /** By the lower half of their first cluster: Windows zeroes the upper one when it deletes. */
  private readonly byLowerHalf = new Map<number, { name: string; byteLength: number }[]>()
  private readonly decode

  constructor(
    private readonly volume: ByteSource,
    private readonly boot: FatBootSector,
    charset: string | undefined,
  ) {
    this.table = new ClusterTable(volume, boot, new DiagnosticLog())
    this.decode = nameDecoder(charset ?? DEFAULT_CODE_PAGE)
  }

  async *files(checkpoint: () => MaybePromise<void>): AsyncGenerator<DeletedFile> {
    const { boot, table } = this
    await table.load(true)
    const root = boot.rootOffset > 0 ? 0 : boot.rootCluster
    const waiting = [{ cluster: root, isDeleted: false }]
    const seen = new Set([root])
    let left = DELETED_LIMIT
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const wait = checkpoint()
      if (wait) await wait
      const bytes = await this.directoryBytes(next.cluster, next.isDeleted)
      for (let at = 0; at + ENTRY_LENGTH <= bytes.byteLength; at += ENTRY_LENGTH) {
        const lead = bytes[at] ?? 0
        if (lead === 0) break
        const attributes = bytes[at + 11] ?? 0
        if (isLongName(bytes, at) || (attributes & Attribute.volume) !== 0) continue
        const cluster = firstCluster(bytes, at, boot.bits)
        const isDeleted = lead === DELETED || next.isDeleted
        if (!this.isCluster(cluster)) continue
        if ((attributes & Attribute.directory) !== 0) {
          if (bytes[at] === 0x2e || seen.has(cluster) || seen.size >= DIRECTORY_COUNT_LIMIT) continue
          seen.add(cluster)
          waiting.push({ cluster, isDeleted })
        } else if (isDeleted) {
          const file = this.file(bytes, at, cluster)
          if (file === null) continue
          if (cluster < HALF && boot.clusterCount > HALF) this.keepLowerHalf(cluster, file)
          if (--left < 0) return
          yield file
        }
      }
    }
  }

  mayBeginAt(byteOffset: number): readonly Pick<DeletedFile, 'name' | 'byteLength'>[] {
    const cluster = this.clusterAt(byteOffset)
    if (cluster < HALF || clusterOffset(this.boot, cluster) !== byteOffset) return []
    return this.byLowerHalf.get(cluster % HALF) ?? []
  }

  async bytesInUse(byteOffset: number, byteLength: number): Promise<number> {
    const { boot, table } = this
    await table.load(true)
    const end = byteOffset + byteLength
    // What lies in front of the clusters is always in use.
    let sum = Math.max(0, Math.min(end, boot.dataOffset) - byteOffset)
    const from = Math.max(2, this.clusterAt(byteOffset))
    const to = Math.min(this.clusterAt(end - 1), boot.clusterCount + 1)
    for (let cluster = from; cluster <= to; cluster++) {
      if (!table.isInUse(cluster)) continue
      const start = clusterOffset(boot, cluster)
      sum += Math.min(end, start + boot.clusterLength) - Math.max(byteOffset, start)
    }
    return sum
  }

  private keepLowerHalf(cluster: number, { name, byteLength }: DeletedFile): void {
    const known = this.byLowerHalf.get(cluster)
    if (known === undefined) this.byLowerHalf.set(cluster, [{ name, byteLength }])
    else known.push({ name, byteLength })
  }

  private file(bytes: Uint8Array, at: number, cluster: number): DeletedFile | null {
    const { boot } = this
    const byteLength = readU32Le(bytes, at + 28)
    if (byteLength === 0 || byteLength > boot.clusterCount * boot.clusterLength) return null
    const start = clusterOffset(boot, cluster)
    const reached = Math.min(byteLength, (boot.clusterCount + 2 - cluster) * boot.clusterLength)
    if (reached < byteLength) return null
    return {
      name: this.nameOf(bytes, at),
      byteLength,
      runs: [start, byteLength],
      isAssumed: byteLength > boot.clusterLength,
      otherRuns: () => this.aroundUsed(cluster, byteLength),
    }
  }

  /** Clusters as they follow among those that are free; null where that is the same, or its beginning is in use. */
  private aroundUsed(first: number, byteLength: number): number[] | null {
    const { boot, table } = this
    if (table.isInUse(first)) return null
    const runs: number[] = []
    let left = byteLength
    for (let cluster = first; left > 0 && this.isCluster(cluster); cluster++) {
      if (table.isInUse(cluster)) continue
      const length = Math.min(left, boot.clusterLength)
      const start = clusterOffset(boot, cluster)
      const last = runs.length - 2
      if (last >= 0 && (runs[last] ?? 0) + (runs[last + 1] ?? 0) === start)
        runs[last + 1] = (runs[last + 1] ?? 0) + length
      else runs.push(start, length)
      left -= length
    }
    return left > 0 || runs.length === 2 ? null : runs
  }

  /** The long name in front of a deleted entry, which has lost its order, as far as its parts belong together. */
  private nameOf(bytes: Uint8Array, at: number): string {
    const parts: string[] = []
    const checksum = bytes[at - ENTRY_LENGTH + 13]
    for (let part = at - ENTRY_LENGTH; part >= 0 && parts.length < 20; part -= ENTRY_LENGTH) {
      if (!isLongName(bytes, part) || bytes[part + 13] !== checksum || readU16Le(bytes, part + 26) !== 0) break
      if (bytes[part] !== DELETED && bytes[at] === DELETED) break
      const text = longNamePart(bytes, part)
      parts.push(text)
      // The last part is the one that ends.
      if (text.includes('\0')) break
    }
    const long = joinLongName(parts)
    if (long !== '') return long
    const entry = bytes.slice(at, at + ENTRY_LENGTH)
    if (entry[0] === DELETED) entry[0] = '_'.charCodeAt(0)
    return readShortName(entry, 0, this.decode)
  }

  /** Of a deleted directory nothing links its clusters: its first is taken, if it begins as one does. */
  private async directoryBytes(cluster: number, isDeleted: boolean): Promise<Uint8Array> {
    const { boot, table } = this
    if (cluster === 0) return this.volume.read(boot.rootOffset, Math.min(boot.rootLength, DIRECTORY_LIMIT))
    const runs = isDeleted ? [clusterOffset(boot, cluster), boot.clusterLength] : table.chain(cluster, DIRECTORY_LIMIT)
    const byteLength = Math.min(sumOfRuns(runs), DIRECTORY_LIMIT)
    const bytes = await new ExtentSource(this.volume, runs, byteLength).read(0, byteLength)
    const isOne = Buffer.from(bytes.subarray(0, 11)).toString('latin1') === '.          '
    return isDeleted && (!isOne || table.isInUse(cluster)) ? new Uint8Array(0) : bytes
  }

  private isCluster(cluster: number): boolean {
    return cluster >= 2 && cluster < this.boot.clusterCount + 2
  }

  private clusterAt(byteOffset: number): number {
    return Math.floor((byteOffset - this.boot.dataOffset) / this.boot.clusterLength) + 2
  }
}
