import fs from 'node:fs'
import type { SourceFile } from '../image/core/byte-source'
import { ContentWriter } from './content-writer'
import type { Control } from '../task'
import { WriterPool } from './writer-pool'
import { blockItemsOf, blocksOf, type BlockItem, type PlacedItem } from './block-items'
import { asWriteError } from './extract-error'
import { FilesInParts } from './files-in-parts'
import type { FolderCache } from './folder-handle'
import type { PoolWorker } from './pool-worker'
import { giveAway, settledMode, withoutSetIds, writtenMode } from './modes'
import { NEW_FILE } from './open-flags'
import { isSmallPacked, partsOf, WINDOW_BYTES, type PackedItem, type PackedPart } from './packed-files'
import type { Plan } from './plan'
import { cutContent, damaged, standsAsZeros, sumMismatch, type Exceptions } from './report'
import { emptyBatch, setTimes, SMALL_FILE_BYTES, type SmallFileFailure, type SmallFiles } from './small-files'
import type { Stage } from './stage'
import type { ExpectedSum } from '../image/sums/sums'

const BATCH_FILES = 128

/** What a person may ask for beyond contents, times and modes. */
export interface WriteAttributes {
  /** Runs of zeros become holes. */
  sparse: boolean
  /** Owners as recorded; only root may give files away. */
  owners: boolean
  /** Exactly the modes that are recorded; else the owner can always change and remove what was extracted. */
  modes: boolean
  /** Extended attributes as recorded, where the system takes them. */
  xattrs: boolean
}

export interface FileWriterOptions {
  plan: Plan
  stage: Stage
  folders: FolderCache
  control: Control
  exceptions: Exceptions
  /** The sums that the image carries, by entry number. */
  sums: ReadonlyMap<number, ExpectedSum>
  attributes: WriteAttributes
  /** Other threads to write with. */
  workers: readonly PoolWorker[]
  /** A node is whole under its staged name. */
  onFinished: (node: number) => void
  onBytes: (count: number) => void
}

/** Whether every file is written by itself, here: then other threads have nothing to do. */
export function isWrittenAlone(stage: Stage, { sparse, owners }: Partial<WriteAttributes> = {}): boolean {
  return stage.isResumed || sparse === true || owners === true
}

/**
 * Writes the files of a plan, given in the order in which their bytes lie on the disc: in batches, by several threads where
 * that pays, small plain ones and what is packed in blocks, parts of large files too; everything else by itself; further
 * names of files at last.
 */
export class FileWriter {
  private readonly content: ContentWriter
  private readonly pool: WriterPool
  private batch: SmallFiles
  /** The one file that the batch is read from; null while only empty files are in it. */
  private batchFile: SourceFile | null = null
  private batchNodes: number[] = []
  private batchBytes = 0
  /** Empty files have no place of their own; they are put where the batch is just now. */
  private lastOffset = 0
  private readonly nodesOf = new Map<SmallFiles, number[]>()
  /** Nodes that a batch could not write; they get another try by themselves, which finds out what is wrong. */
  private readonly second: number[] = []
  private readonly inParts = new FilesInParts()
  private error: unknown = null
  /** The first node of each hard-link group. */
  private readonly linkTargets = new Map<number, number>()
  /** The others: they are links to the first ones, once these are whole. */
  private readonly links: number[] = []

  constructor(private readonly options: FileWriterOptions) {
    const { plan, control, onBytes } = options
    this.batch = emptyBatch(options.attributes.modes)
    this.content = new ContentWriter(plan.table, control, onBytes)
    this.pool = new WriterPool(options.workers, (batch, failures) => {
      this.batchDone(batch, failures)
    })
  }

  async write(nodes: Uint32Array): Promise<void> {
    try {
      for (const node of nodes) {
        const wait = this.options.control.checkpoint()
        if (wait) await wait
        if (this.isFurtherLink(node)) continue
        if (await this.writeInParts(node)) continue
        if (await this.writeBlocks(node)) continue
        if (await this.addToBatch(node)) {
          if (this.isBatchFull()) await this.flush()
        } else await this.writeAlone(node)
      }
      await this.flush()
      await this.pool.settle()
      this.throwRejection()
      for (const node of this.second) await this.writeAlone(node)
      for (const node of this.links) {
        const wait = this.options.control.checkpoint()
        if (wait) await wait
        await this.writeAlone(node)
      }
    } finally {
      await this.pool.settle().catch(() => undefined)
      this.options.folders.release()
    }
  }

  /** Whether another name of the file comes first; then this one is put aside. */
  private isFurtherLink(node: number): boolean {
    const { plan } = this.options
    const group = plan.table.hardLinkGroupOf(plan.entryOf(node))
    if (group < 0) return false
    if (!this.linkTargets.has(group)) {
      this.linkTargets.set(group, node)
      return false
    }
    this.links.push(node)
    return true
  }

  /** Whether an entry may be written in a batch, by any thread. */
  private isForBatch(entry: number): boolean {
    const { plan, stage, attributes } = this.options
    return !isWrittenAlone(stage, attributes) && plan.table.statusOf(entry) === 'complete'
  }

  private async addToBatch(node: number): Promise<boolean> {
    const { table } = this.options.plan
    const entry = this.options.plan.entryOf(node)
    if (!this.isForBatch(entry)) return false
    const byteLength = table.byteLengthOf(entry)
    const packed = byteLength > 0 ? table.packedRunOf(entry) : null
    if (packed ? !isSmallPacked(packed) : byteLength > SMALL_FILE_BYTES) return false
    if (byteLength === 0) {
      this.addItem(node, this.pathOf(node), this.lastOffset, 0, null)
      return true
    }
    const run = packed ?? table.plainRunOf(entry)
    if (!run?.file.readInto) return false
    if (!this.isOfBatch(run.file)) await this.flush()
    this.batchFile = run.file
    this.lastOffset = run.byteOffset
    const packing = packed ? { how: packed.packing, byteLength, part: null } : null
    this.addItem(node, this.pathOf(node), run.byteOffset, run.byteLength, packing)
    return true
  }

  /** Offsets of a batch count in one file. */
  private isOfBatch(file: SourceFile): boolean {
    return this.batchFile === null || this.batchFile === file
  }

  private addItem(
    node: number,
    path: string,
    byteOffset: number,
    byteLength: number,
    packing: PackedItem | BlockItem | null,
  ): void {
    const { batch } = this
    const { plan, sums } = this.options
    const entry = plan.entryOf(node)
    batch.paths.push(path)
    batch.byteOffsets.push(byteOffset)
    batch.byteLengths.push(byteLength)
    batch.packings.push(packing)
    batch.modes.push(this.modeOf(entry))
    batch.modified.push(plan.table.modifiedOf(entry))
    batch.sums.push(sums.get(entry) ?? null)
    this.batchNodes.push(node)
    this.batchBytes += packing?.byteLength ?? byteLength
  }

  /** A larger packed file: made empty here, then filled by whichever thread is free. False where it is not one. */
  private async writeInParts(node: number): Promise<boolean> {
    const { plan, sums } = this.options
    const entry = plan.entryOf(node)
    const packed = plan.table.packedRunOf(entry)
    if (!packed?.file.readInto || isSmallPacked(packed) || !this.isForBatch(entry) || sums.has(entry)) return false
    const parts = partsOf(packed, packed.file.readInto.bind(packed.file))
    if (!parts) return false
    await this.addParts(node, packed.file, parts)
    return true
  }

  /** A file of packed blocks: whichever thread is free unpacks them, all of a short one and parts of others. False where it is none. */
  private async writeBlocks(node: number): Promise<boolean> {
    const { plan, sums } = this.options
    const entry = plan.entryOf(node)
    if (!plan.table.isPackedOf(entry) || plan.table.byteLengthOf(entry) === 0 || !this.isForBatch(entry)) return false
    const packed = await blocksOf(plan.table, entry)
    if (!packed?.file.readInto) return false
    const items = blockItemsOf(packed, sums.has(entry), WINDOW_BYTES)
    const [only] = items ?? []
    if (items === null || only === undefined) return false
    if (only.packing.part !== null) {
      await this.addParts(node, packed.file, items)
      return true
    }
    if (!this.isOfBatch(packed.file)) await this.flush()
    this.batchFile = packed.file
    this.lastOffset = only.byteOffset
    this.addItem(node, this.pathOf(node), only.byteOffset, only.byteLength, only.packing)
    if (this.isBatchFull()) await this.flush()
    return true
  }

  private async addParts(node: number, file: SourceFile, parts: readonly (PackedPart | PlacedItem)[]): Promise<void> {
    const path = this.pathOf(node)
    this.refusing(node, () => {
      // Threads open it again to write into it, which a mode that is wanted exactly may not allow.
      const mode = this.options.attributes.modes ? 0o600 : this.modeOf(this.options.plan.entryOf(node))
      fs.closeSync(fs.openSync(path, NEW_FILE, mode))
    })
    if (!this.isOfBatch(file)) await this.flush()
    this.inParts.begin(node, path, parts.length)
    for (const { byteOffset, byteLength, packing } of parts) {
      const wait = this.options.control.checkpoint()
      if (wait) await wait
      this.batchFile = file
      this.addItem(node, path, byteOffset, byteLength, packing)
      if (this.isBatchFull()) await this.flush()
    }
  }

  /** A part that could not be had: then all of the file is tried again, by itself. */
  private partDone(node: number, byteLength: number, isWritten: boolean): void {
    const ended = this.inParts.partDone(node, byteLength, isWritten)
    if (ended === null) return
    this.refusing(node, () => {
      if (!ended.isWhole) fs.rmSync(ended.path, { force: true })
      else {
        const entry = this.options.plan.entryOf(node)
        if (this.options.attributes.modes) fs.chmodSync(ended.path, this.modeOf(entry))
        setTimes(ended.path, this.options.plan.table.modifiedOf(entry))
      }
    })
    if (ended.isWhole) this.options.onFinished(node)
    else {
      this.options.onBytes(-ended.bytesDone)
      this.second.push(node)
    }
  }

  private isBatchFull(): boolean {
    return this.batch.paths.length >= BATCH_FILES || this.batchBytes >= WINDOW_BYTES
  }

  private async flush(): Promise<void> {
    if (this.batch.paths.length === 0) return
    const { batch, batchFile } = this
    this.nodesOf.set(batch, this.batchNodes)
    this.batch = emptyBatch(this.options.attributes.modes)
    this.batchFile = null
    this.batchNodes = []
    this.batchBytes = 0
    await this.pool.write(batch, batchFile)
    // Folders that were closed meanwhile may still be written into by the worker until it is idle.
    if (this.options.folders.retiredCount() > 256) await this.pool.settle()
    if (this.pool.isIdle()) this.options.folders.release()
    this.throwRejection()
  }

  private batchDone(batch: SmallFiles, failures: SmallFileFailure[]): void {
    const nodes = this.nodesOf.get(batch) ?? []
    this.nodesOf.delete(batch)
    const failed = new Map(failures.map((failure) => [failure.at, failure.reason]))
    let byteCount = 0
    for (const [at, node] of nodes.entries()) {
      const reason = failed.get(at)
      const packing = batch.packings[at] ?? null
      const byteLength = packing?.byteLength ?? batch.byteLengths[at] ?? 0
      const isWritten = reason === undefined || reason === 'sum'
      if (reason === 'sum') this.noteMismatch(node)
      if (isWritten) byteCount += byteLength
      else if (reason !== 'short' && reason !== 'read')
        this.error ??= asWriteError(Object.assign(new Error(reason), { code: reason }), this.shown(node))
      try {
        if (packing?.part) this.partDone(node, byteLength, isWritten)
        else if (isWritten) this.options.onFinished(node)
        else this.second.push(node)
      } catch (error) {
        // It may be another thread's answer that is heard: nobody waits for what is thrown here.
        this.error ??= error
      }
    }
    this.options.onBytes(byteCount)
  }

  private throwRejection(): void {
    if (this.error !== null) throw this.error as Error
  }

  private async writeAlone(node: number): Promise<void> {
    const { plan } = this.options
    const entry = plan.entryOf(node)
    const path = this.pathOf(node)
    if (this.linkToKnown(node, entry, path) || this.isAlreadyThere(node, entry, path)) {
      this.options.onBytes(plan.table.byteLengthOf(entry))
      this.options.onFinished(node)
      return
    }
    // Set-ID bits come when it has its owner.
    const descriptor = this.refusing(node, () => fs.openSync(path, NEW_FILE, this.modeOf(entry) & 0o777))
    try {
      const { attributes, sums } = this.options
      const result = await this.content.write(entry, descriptor, { sparse: attributes.sparse, sum: sums.get(entry) })
      const mode = writtenMode(plan.table, entry, attributes)
      const isGiven = attributes.owners && giveAway(descriptor, plan.table.uidOf(entry), plan.table.gidOf(entry), mode)
      if (attributes.modes && !isGiven) fs.fchmodSync(descriptor, withoutSetIds(this.modeOf(entry)))
      setTimes(descriptor, plan.table.modifiedOf(entry))
      if (result.sumMatches === false) this.noteMismatch(node)
      if (plan.table.statusOf(entry) === 'partial') this.options.exceptions.set(node, cutContent())
      if (result.damage) this.options.exceptions.set(node, damaged(result.damage))
      if (result.missingByteLength > 0)
        this.options.exceptions.set(node, standsAsZeros(result.missingByteLength, result.firstProblem ?? ''))
    } catch (error) {
      throw (error as { name?: string }).name === 'SourceError' ? error : asWriteError(error, this.shown(node))
    } finally {
      fs.closeSync(descriptor)
    }
    this.options.onFinished(node)
  }

  private noteMismatch(node: number): void {
    const { plan, exceptions, sums } = this.options
    const sum = sums.get(plan.entryOf(node))
    if (sum) exceptions.set(node, sumMismatch(sum))
  }

  private linkToKnown(node: number, entry: number, path: string): boolean {
    const { plan, folders, exceptions, stage } = this.options
    const group = plan.table.hardLinkGroupOf(entry)
    if (group < 0) return false
    const known = this.linkTargets.get(group)
    if (known === undefined || known === node || exceptions.has(known)) return false
    try {
      fs.linkSync(folders.get(plan.parentOf(known)).at(plan.nameOf(known)), path)
      return true
    } catch (error) {
      // A resumed stage has it already; disks without hard links get a copy.
      return (error as { code?: string }).code === 'EEXIST' && stage.isResumed
    }
  }

  /**
   * In a stage found again: a file is whole if it has its length and its time, which is set after its content.
   * Anything else is removed and written anew.
   */
  private isAlreadyThere(node: number, entry: number, path: string): boolean {
    const { plan, stage } = this.options
    if (!stage.isResumed) return false
    const stat = fs.lstatSync(path, { throwIfNoEntry: false })
    if (!stat) return false
    const isWhole =
      stat.isFile() &&
      stat.size === plan.table.byteLengthOf(entry) &&
      Math.abs(stat.mtimeMs - plan.table.modifiedOf(entry)) < 1 &&
      plan.table.statusOf(entry) === 'complete'
    if (!isWhole)
      this.refusing(node, () => {
        fs.unlinkSync(path)
      })
    return isWhole
  }

  /** For making it. The process's umask applies, as to any file that its user makes. */
  private modeOf(entry: number): number {
    const mode = writtenMode(this.options.plan.table, entry, this.options.attributes)
    return mode < 0 ? settledMode(0o666, false) : mode
  }

  private pathOf(node: number): string {
    const { plan, folders } = this.options
    return folders.get(plan.parentOf(node)).at(plan.nameOf(node))
  }

  private refusing<T>(node: number, act: () => T): T {
    try {
      return act()
    } catch (error) {
      throw asWriteError(error, this.shown(node))
    }
  }

  private shown(node: number): string {
    return `${this.options.stage.destination}/${this.options.plan.pathOf(node)}`
  }
}
