import fs from 'node:fs'
import { ATTRIBUTES_LOST, type AttributeWriter } from './attribute-writer'
import type { Resolution } from './conflicts'
import type { Control } from '../task'
import { asWriteError } from './extract-error'
import { FileWriter, type WriteAttributes } from './file-writer'
import { settledMode, writtenMode } from './modes'
import { FolderCache } from './folder-handle'
import type { PoolWorker } from './pool-worker'
import { linkProblem, type LinkCheck } from './link-check'
import { SYNTHETIC, type Plan } from './plan'
import { lostContent, type Exceptions } from './report'
import type { Stage } from './stage'
import type { ExpectedSum } from '../image/sums/sums'

/**
 * Writes a plan below its stage: folders, then files in the order in which their bytes lie on the disc, then symlinks,
 * and the folders' times and modes last of all, deepest first, since writing into a folder changes its time and a
 * read-only one takes no files.
 */
export class TreeWriter {
  private readonly folders: FolderCache
  private readonly written: Uint8Array
  private bytesDone = 0
  private entriesDone = 0

  constructor(
    private readonly plan: Plan,
    private readonly resolution: Resolution,
    private readonly stage: Stage,
    private readonly control: Control,
    private readonly exceptions: Exceptions,
    private readonly sums: ReadonlyMap<number, ExpectedSum>,
    private readonly attributes: WriteAttributes,
    private readonly workers: readonly PoolWorker[],
    private readonly links: LinkCheck,
  ) {
    this.written = new Uint8Array(plan.length)
    this.folders = new FolderCache(
      stage.folder,
      (node) => plan.parentOf(node),
      (node) => plan.nameOf(node),
    )
  }

  isWritten(node: number): boolean {
    return this.written[node] === 1
  }

  /** @param extended writes extended attributes; null where nobody asked for them */
  async writeAll(extended: AttributeWriter | null = null): Promise<void> {
    try {
      this.makeFolders()
      await this.writeFiles()
      this.makeSymlinks()
      if (extended !== null) await this.writeAttributes(extended)
      this.finishFolders()
    } finally {
      this.folders.closeAll()
    }
  }

  private makeFolders(): void {
    for (let node = 1; node < this.plan.length; node++) {
      if (!this.plan.isDirectory(node) || this.resolution.skipped.has(node)) continue
      const parent = this.folders.get(this.plan.parentOf(node))
      const name = this.plan.nameOf(node)
      this.refusing(node, () => {
        makeFolder(parent.at(name), this.stage.isResumed)
      })
      this.finishNode(node)
    }
  }

  private async writeFiles(): Promise<void> {
    const nodes = this.filesInDiscOrder()
    const { plan, stage, folders, control, exceptions, sums, attributes, workers } = this
    const writer = new FileWriter({
      plan,
      stage,
      folders,
      control,
      exceptions,
      sums,
      attributes,
      workers,
      onFinished: (node) => {
        this.finishNode(node)
      },
      onBytes: (count) => {
        this.bytesDone += count
        control.progress({ bytesDone: this.bytesDone, entriesDone: this.entriesDone })
      },
    })
    await writer.write(nodes)
  }

  private filesInDiscOrder(): Uint32Array {
    const { plan } = this
    const nodes = new Uint32Array(plan.length)
    let count = 0
    let isOrdered = true
    let last = -Infinity
    for (let node = 1; node < plan.length; node++) {
      const entry = plan.entryOf(node)
      if (entry === SYNTHETIC || this.resolution.skipped.has(node)) continue
      const kind = plan.table.kindOf(entry)
      if (kind === 'directory' || kind === 'symlink') continue
      if (kind !== 'file') {
        const message = `A ${kind} is not written: it would only work on its own system.`
        this.except(node, 'skipped', 'UNSUPPORTED_KIND', message)
        continue
      }
      if (plan.table.statusOf(entry) === 'lost') {
        this.exceptions.set(node, lostContent(plan.table, entry))
        continue
      }
      const position = plan.table.discPositionOf(entry)
      if (position < last) isOrdered = false
      last = position
      nodes[count++] = node
    }
    const files = nodes.subarray(0, count)
    if (isOrdered) return files
    const position = (node: number): number => plan.table.discPositionOf(plan.entryOf(node))
    // Infinity − Infinity is NaN, hence no subtraction.
    return files.sort((a, b) => {
      const first = position(a)
      const second = position(b)
      return first < second ? -1 : first > second ? 1 : a - b
    })
  }

  private makeSymlinks(): void {
    const { plan } = this
    for (let node = 1; node < plan.length; node++) {
      const entry = plan.entryOf(node)
      if (entry === SYNTHETIC || plan.table.kindOf(entry) !== 'symlink' || this.resolution.skipped.has(node)) continue
      if (plan.table.statusOf(entry) === 'lost') {
        this.exceptions.set(node, lostContent(plan.table, entry))
        continue
      }
      const target = plan.table.targetOf(entry) ?? ''
      const reason = linkProblem(target, this.links.staysInside(node))
      if (reason) {
        this.except(node, 'skipped', reason.code, reason.message)
        continue
      }
      const path = this.folders.get(plan.parentOf(node)).at(plan.nameOf(node))
      if (this.makeSymlink(node, target, path)) this.finishNode(node)
    }
  }

  private makeSymlink(node: number, target: string, path: string): boolean {
    try {
      if (this.stage.isResumed) fs.rmSync(path, { force: true })
      fs.symlinkSync(target, path)
    } catch (error) {
      // Windows without the right to make links, FAT: the rest is still worth having.
      const meaning = asWriteError(error, this.shown(node))
      this.except(node, 'skipped', 'LINKS_NOT_POSSIBLE', `Links cannot be made there: ${meaning.message}`)
      return false
    }
    const modified = this.plan.table.modifiedOf(this.plan.entryOf(node))
    if (Number.isNaN(modified)) return true
    try {
      fs.lutimesSync(path, new Date(modified), new Date(modified))
    } catch {
      // Where links have no times of their own, the link is worth having all the same.
    }
    return true
  }

  /** When owners and contents are set, which would take some away, and before folders are closed to changes. */
  private async writeAttributes(writer: AttributeWriter): Promise<void> {
    const { plan, folders } = this
    for (let node = 1; node < plan.length; node++) {
      const entry = plan.entryOf(node)
      if (entry === SYNTHETIC || !this.isWritten(node)) continue
      const wait = this.control.checkpoint()
      if (wait) await wait
      try {
        const attributes = await plan.table.extendedAttributesOf(entry)
        if (attributes.length === 0) continue
        const parent = folders.get(plan.parentOf(node))
        const lost = writer.write(parent.at(plan.nameOf(node)), plan.sourcePathOf(node), attributes)
        if (lost.length > 0 && !this.exceptions.has(node))
          this.except(
            node,
            'partial',
            ATTRIBUTES_LOST,
            `Not taken by the destination, or not for you: ${lost.join(', ')}.`,
          )
      } catch (error) {
        if ((error as { code?: string }).code !== 'CONTENT_DAMAGED') throw error
        if (!this.exceptions.has(node)) this.except(node, 'partial', 'ATTRIBUTES_DAMAGED', (error as Error).message)
      }
    }
  }

  private finishFolders(): void {
    const { plan } = this
    for (let node = plan.length - 1; node > 0; node--) {
      const entry = plan.entryOf(node)
      if (!plan.isDirectory(node) || this.resolution.skipped.has(node)) continue
      const mode = entry === SYNTHETIC ? -1 : writtenMode(plan.table, entry, this.attributes)
      const modified = entry === SYNTHETIC ? NaN : plan.table.modifiedOf(entry)
      const folder = this.folders.get(node)
      // mkdir gave 0700 while files were written; without a recorded mode a folder is as any new one.
      folder.setMode(mode < 0 ? settledMode(0o777, false) : settledMode(mode, this.attributes.modes))
      if (!Number.isNaN(modified)) folder.setTimes(modified)
    }
    if (!this.stage.destinationFolder) this.stage.folder.setMode(settledMode(0o777, false))
  }

  private finishNode(node: number): void {
    this.written[node] = 1
    this.entriesDone++
    const { bytesDone, entriesDone } = this
    this.control.progress({ bytesDone, entriesDone, current: () => this.plan.sourcePathOf(node) })
  }

  private except(node: number, status: 'skipped' | 'failed' | 'partial', code: string, message: string): void {
    this.exceptions.set(node, { status, code, message })
    if (status !== 'partial') this.bytesDone += this.plan.table.byteLengthOf(this.plan.entryOf(node))
  }

  private refusing<T>(node: number, act: () => T): T {
    try {
      return act()
    } catch (error) {
      throw asWriteError(error, this.shown(node))
    }
  }

  private shown(node: number): string {
    return `${this.stage.destination}/${this.plan.pathOf(node)}`
  }
}

function makeFolder(path: string, mayBeThere: boolean): void {
  try {
    fs.mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (!(mayBeThere && (error as { code?: string }).code === 'EEXIST')) throw error
    if (!fs.lstatSync(path).isDirectory()) throw error
    fs.chmodSync(path, 0o700)
  }
}
