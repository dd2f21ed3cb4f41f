import fs from 'node:fs'
import path from 'node:path'
import { because, explainWriteError } from '../../../src-shared/model'
import { isSameEntry, isSameObject, lookAt } from '../../sinks/identity'
import { placeItem, syncFolder } from '../../sinks/placing'
import { claimName } from '../../sinks/claim'
import { removeQuietly } from '../../sinks/stage-name'
import { systemPath } from '../../sinks/system-path'
import type { Journal } from './journal'
import type { CopyStep } from './plan'
import type { CopyRequest } from './request'
import { measure } from './measure'
import type { Tally } from './tally'
import type { Copied, TreeCopy } from './tree-copy'

type Placing = Extract<CopyStep, { kind: 'place' }>

/**
 * Gives everything its final name and then, for a move, removes what was copied and is as it was. Each step by itself
 * leaves nothing half done, and all of them may be done again by another process. What the system refuses is told, and
 * the rest goes on.
 */
export class Finish {
  private readonly placed = new Set<number>()

  constructor(
    private readonly request: CopyRequest,
    private readonly tally: Tally,
    private readonly stage: string,
    private readonly journal: Journal,
    /** For what must be copied once more: a folder of the destination that lies on another disk. */
    private readonly trees: TreeCopy,
  ) {}

  async run(): Promise<void> {
    const { steps, copied } = this.journal
    for (const [at, step] of steps.entries())
      if (step.kind === 'place' && (await this.tryToPlace(step))) this.placed.add(at)
    if (!this.request.move) return
    for (const folder of new Set(steps.flatMap((step) => (step.kind === 'place' ? [path.dirname(step.target)] : []))))
      syncFolder(folder)
    for (const [at, step] of steps.entries())
      if (step.kind === 'emptied') this.removeFolder(step.source)
      else if (step.kind === 'place' && this.placed.has(at))
        for (const one of copied.get(at) ?? []) this.removeCopied(one, step.target)
  }

  private async tryToPlace(step: Placing): Promise<boolean> {
    try {
      const target = await this.place(step)
      // What was copied was counted then; what moves as it is counts once it is there, whichever process has moved it.
      if (step.staged === null) this.countMoved(step.source, target)
      this.tally.placed(step.source, target)
      return true
    } catch (error) {
      const meaning = explainWriteError(error, step.target)
      const isMount = (error as { code?: string }).code === 'EXDEV' || (error as { code?: string }).code === 'EBUSY'
      const asMount = {
        code: meaning.code,
        message: `${step.source} is a place where a disk is connected, and stays. Copy it instead.`,
        details: because('inUse', { name: step.source }),
      }
      this.tally.problem(step.source, 'failed', isMount ? asMount : meaning)
      return false
    }
  }

  /** @returns the name that it has got */
  private async place(step: Placing): Promise<string> {
    const from = step.staged === null ? step.source : path.join(this.stage, step.staged)
    const stat = lookAt(from)
    const existing = lookAt(step.target)
    // What an earlier process has done of it already.
    if (!stat && (step.staged !== null || (existing && isSameObject(existing, step)))) return step.target
    if (stat && existing && isSameObject(stat, existing) && !isSameEntry(from, step.target)) {
      fs.unlinkSync(systemPath(from))
      return step.target
    }
    if (!stat) throw Object.assign(new Error(`${from} is gone`), { code: 'ENOENT' })
    if (step.staged === null) return this.placeAt(step.source, step, stat)
    try {
      return this.placeAt(from, step, stat)
    } catch (error) {
      if ((error as { code?: string }).code !== 'EXDEV') throw error
    }
    return this.placeAcross(from, step, stat)
  }

  private countMoved(source: string, target: string): void {
    const { bytesTotal, files, directories, symlinks } = measure([target])
    this.tally.bytes(bytesTotal, source)
    this.tally.entry('files', source, files)
    this.tally.entry('directories', source, directories)
    this.tally.entry('symlinks', source, symlinks)
  }

  private placeAt(from: string, { target, isOver }: Placing, stat: fs.BigIntStats): string {
    const folder = path.dirname(target)
    const to = (name: string): string => path.join(folder, name)
    // Taken since it was looked at: it gets a free name, and nothing is replaced.
    const freeName = (): string => this.request.freeName(path.basename(target), (one) => lookAt(to(one)) !== null)
    const isFolder = stat.isDirectory()
    const name = placeItem({ from, to, name: path.basename(target), isFolder, isOver }, freeName)
    return to(name ?? path.basename(target))
  }

  /** The folder is on another disk than the stage: the copy is copied there under a hidden name first. */
  private async placeAcross(from: string, step: Placing, stat: fs.BigIntStats): Promise<string> {
    const claim = claimName(path.dirname(step.target))
    const aside = path.join(path.dirname(step.target), claim.name)
    try {
      if (!(await this.trees.copy(from, aside))) throw Object.assign(new Error(`${from} is gone`), { code: 'ENOENT' })
      return this.placeAt(aside, step, stat)
    } finally {
      removeQuietly(aside)
      claim.release()
    }
  }

  private removeCopied(copied: Copied, target: string): void {
    this.tally.bytes(0, copied.path)
    if (copied.kind === 'directory') {
      this.removeFolder(copied.path)
      return
    }
    this.removing(copied.path, () => {
      const now = lookAt(copied.path)
      if (!now) return
      if (!isSameObject(now, copied) || now.size !== copied.size || now.mtimeNs !== copied.mtimeNs)
        this.tally.problem(copied.path, 'failed', {
          code: 'SOURCE_CHANGED',
          message: `${copied.path} was changed while it was moved, and stays. What it held before is in ${target}.`,
        })
      else fs.unlinkSync(systemPath(copied.path))
    })
  }

  private removeFolder(folder: string): void {
    this.removing(folder, () => {
      try {
        fs.rmdirSync(systemPath(folder))
      } catch (error) {
        const { code } = error as { code?: string }
        if (code === 'ENOENT') return
        if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
        if (!this.tally.isTroubled(folder))
          this.tally.problem(folder, 'failed', {
            code: 'SOURCE_CHANGED',
            message: `${folder} stays: something was put into it while it was moved.`,
          })
      }
    })
  }

  private removing(itemPath: string, remove: () => void): void {
    try {
      remove()
    } catch (error) {
      const { code } = explainWriteError(error, itemPath)
      const message = `${itemPath} was copied, but cannot be removed where it was.`
      this.tally.problem(itemPath, 'failed', {
        code,
        message,
        details: because('copiedNotRemoved', { name: itemPath }),
      })
    }
  }
}
