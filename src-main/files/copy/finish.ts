import fs from 'node:fs'
import path from 'node:path'
import { because, explainWriteError } from '../../../src-shared/model'
import { isSameEntry, isSameObject, lookAt } from '../../sinks/identity'
import { placeItem, syncFolder } from '../../sinks/placing'
import { claimName } from '../../sinks/claim'
import { removeQuietly } from '../../sinks/stage-name'
import { systemPath } from '../../sinks/system-path'
import type { Keeper } from './content'
import { isFileKept, isFolderKept, isLinkKept, isSameState, stateOf } from './copy-state'
import { noteRenamed, type Journal } from './journal'
import type { CopyStep } from './plan'
import type { CopyRequest } from './request'
import { measure } from './measure'
import type { Tally } from './tally'
import type { Copied, TreeCopy } from './tree-copy'

type Placing = Extract<CopyStep, { kind: 'place' }>

/**
 * Gives everything its final name and then, for a move, removes what was copied and is as it was, as long as its copy is
 * there as it was made. Each step by itself leaves nothing half done, and all of them may be done again by another
 * process. What the system refuses is told, and the rest goes on.
 */
export class Finish {
  /** The names that were given, by the number of the step. */
  private readonly placed = new Map<number, string>()

  constructor(
    private readonly request: CopyRequest,
    private readonly tally: Tally,
    private readonly stage: string,
    private readonly journal: Journal,
    /** For what must be copied once more: a folder of the destination that lies on another disk. */
    private readonly trees: TreeCopy,
    private readonly keeper: Keeper | null,
  ) {}

  async run(): Promise<void> {
    const { steps, copied } = this.journal
    for (const [at, step] of steps.entries()) if (step.kind === 'place') await this.tryToPlace(step, at)
    if (!this.request.move) return
    await this.keeper?.flush()
    for (const folder of new Set(steps.flatMap((step) => (step.kind === 'place' ? [path.dirname(step.target)] : []))))
      syncFolder(folder)
    for (const [at, step] of steps.entries()) {
      const target = this.placed.get(at)
      if (step.kind === 'emptied')
        await this.removing(step.source, () => {
          this.removeFolder(step.source)
        })
      else if (step.kind === 'place' && target !== undefined)
        for (const one of copied.get(at) ?? [])
          await this.removeCopied(one, path.join(target, path.relative(step.source, one.path)))
    }
  }

  private async tryToPlace(step: Placing, at: number): Promise<void> {
    try {
      const target = await this.place(step, at)
      this.placed.set(at, target)
      // What was copied was counted then; what moves as it is counts once it is there, whichever process has moved it.
      if (step.staged === null) this.countMoved(step.source, target)
      this.tally.placed(step.source, target)
    } catch (error) {
      const meaning = explainWriteError(error, step.target)
      const isMount = (error as { code?: string }).code === 'EXDEV' || (error as { code?: string }).code === 'EBUSY'
      const asMount = {
        code: meaning.code,
        message: `${step.source} is a place where a disk is connected, and stays. Copy it instead.`,
        details: because('inUse', { name: step.source }),
      }
      this.tally.problem(step.source, 'failed', isMount ? asMount : meaning)
    }
  }

  /** @returns the name that it has got */
  private async place(step: Placing, at: number): Promise<string> {
    const from = step.staged === null ? step.source : path.join(this.stage, step.staged)
    const stat = lookAt(from)
    const existing = lookAt(step.target)
    // What an earlier process has done of it already.
    if (!stat && (step.staged !== null || (existing && isSameObject(existing, step))))
      return this.journal.renamed.get(at) ?? step.target
    if (stat && existing && isSameObject(stat, existing) && !isSameEntry(from, step.target)) {
      fs.unlinkSync(systemPath(from))
      return step.target
    }
    if (!stat) throw Object.assign(new Error(`${from} is gone`), { code: 'ENOENT' })
    if (step.staged === null) return this.placeAt(step.source, step, stat)
    const target = await this.placeStaged(from, step, stat, at)
    if (target !== step.target) noteRenamed(this.stage, at, target)
    return target
  }

  private async placeStaged(from: string, step: Placing, stat: fs.BigIntStats, at: number): Promise<string> {
    const copied = this.journal.copied.get(at) ?? []
    const own = copied.at(-1)?.copy ?? null
    const isAsMade = own !== null && isSameState(stateOf(from), own)
    try {
      const target = this.placeAt(from, step, stat)
      // Another name is a change of the file, which is ours.
      if (isAsMade) Object.assign(own, stateOf(target))
      return target
    } catch (error) {
      if ((error as { code?: string }).code !== 'EXDEV') throw error
    }
    const target = await this.placeAcross(from, step, stat)
    // The copies that were looked at are not those that are there now.
    for (const one of copied) one.copy = null
    return target
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

  /** @param copy where its copy was put */
  private async removeCopied(copied: Copied, copy: string): Promise<void> {
    this.tally.bytes(0, copied.path)
    await this.removing(copied.path, async () => {
      if (copied.kind === 'directory') {
        if (isFolderKept(copied.path, copy)) this.removeFolder(copied.path)
        else if (!this.tally.isTroubled(copied.path)) this.reportCopyGone(copied.path, copy)
        return
      }
      if (!this.isStillThere(copied, copy)) return
      const isKept = copied.kind === 'symlink' ? isLinkKept : isFileKept
      const answer = isKept(copied.path, copy, copied.copy ?? null)
      // What is compared takes a while, in which the source may change.
      const isSure = typeof answer === 'boolean' ? answer : (await answer) && this.isStillThere(copied, copy)
      if (isSure) fs.unlinkSync(systemPath(copied.path))
      else if (lookAt(copied.path) !== null) this.reportCopyGone(copied.path, copy)
    })
  }

  /** Whether the source is there as it was when it was read; where it is another one, that is told. */
  private isStillThere(copied: Copied, copy: string): boolean {
    const now = lookAt(copied.path)
    if (now && isSameObject(now, copied) && now.size === copied.size && now.mtimeNs === copied.mtimeNs) return true
    if (now)
      this.tally.problem(copied.path, 'failed', {
        code: 'SOURCE_CHANGED',
        message: `${copied.path} was changed while it was moved, and stays. What it held before is in ${copy}.`,
      })
    return false
  }

  private reportCopyGone(source: string, copy: string): void {
    this.tally.problem(source, 'failed', {
      code: 'COPIED_NOT_REMOVED',
      message: `${source} stays: its copy ${copy} is gone, or was changed while the move was under way. Move it again.`,
      details: because('copyGone', { name: source, copy }),
    })
  }

  private removeFolder(folder: string): void {
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
  }

  private async removing(itemPath: string, remove: () => Promise<void> | void): Promise<void> {
    try {
      await remove()
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
