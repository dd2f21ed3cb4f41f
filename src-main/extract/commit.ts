import fs from 'node:fs'
import path from 'node:path'
import type { Resolution } from './conflicts'
import { asWriteError } from './extract-error'
import { openFolder, type FolderHandle } from './folder-handle'
import type { Plan } from './plan'
import { collisionKey, freeName, type NameRules } from './safe-names'
import { placeFolder, placeItem } from '../sinks/placing'
import type { Stage } from './stage'

/** Nodes whose names were taken between looking and moving in; they got a free one, nothing was replaced. */
export type LateRenames = Set<number>

/**
 * Moves what was staged to its final names, one rename for each thing that is new there. After every single step each
 * final name holds either what it held before or the whole new thing.
 */
export function commitStage(
  stage: Stage,
  plan: Plan,
  resolution: Resolution,
  rules: NameRules,
  isStaged: (node: number) => boolean,
  /** Gets the directories that were there before, which are merged into. */
  merged: Set<number> = new Set<number>(),
): LateRenames {
  const late: LateRenames = new Set()
  const merge = new Merge(plan, resolution, rules, isStaged, late, merged)
  if (!stage.destinationFolder) {
    try {
      // A new folder appears whole. An empty one that somebody made meanwhile is replaced; a filled one is merged into.
      if (placeFolder(stage.path, stage.destination)) return late
    } catch (error) {
      throw asWriteError(error, stage.destination)
    }
  }
  merged.add(0)
  const destination = stage.destinationFolder ?? openFolder(stage.destination)
  try {
    merge.folder(0, stage.folder, destination)
  } finally {
    if (!stage.destinationFolder) destination.close()
  }
  return late
}

class Merge {
  private children: Map<number, number[]> | null = null

  constructor(
    private readonly plan: Plan,
    private readonly resolution: Resolution,
    private readonly rules: NameRules,
    private readonly isStaged: (node: number) => boolean,
    private readonly late: LateRenames,
    private readonly merged: Set<number>,
  ) {}

  folder(node: number, from: FolderHandle, to: FolderHandle): void {
    this.children ??= this.plan.childLists()
    for (const child of this.children.get(node) ?? []) {
      if (!this.isStaged(child)) continue
      try {
        if (this.plan.isDirectory(child)) this.directory(child, from, to)
        else this.file(child, from, to)
      } catch (error) {
        throw asWriteError(error, path.join(to.shownPath, this.plan.nameOf(child)))
      }
    }
  }

  private directory(node: number, from: FolderHandle, to: FolderHandle): void {
    const name = this.plan.nameOf(node)
    const isFolder = (one: string): boolean => isDirectoryAt(to, one)
    // A folder that is there is merged into, one that appears meanwhile as well.
    const nextName = (taken: string): string | null => (isFolder(taken) ? null : this.numbered(node, name, to))
    const setMode = (folderPath: string, mode: number): void => {
      const [parent, own] = folderPath === from.at(name) ? [from, name] : [to, path.basename(folderPath)]
      // By its handle: the path may lead elsewhere by now.
      withFolder(parent, own, (folder) => {
        folder.setMode(mode)
      })
    }
    const placement = { from: from.at(name), to: (one: string) => to.at(one), name, isFolder: true, setMode }
    if (!isFolder(name) && placeItem(placement, nextName) !== null) return
    this.merged.add(node)
    const below = to.enter(this.plan.nameOf(node))
    const source = from.enter(name)
    try {
      this.folder(node, source, below)
    } finally {
      source.close()
      below.close()
    }
  }

  private file(node: number, from: FolderHandle, to: FolderHandle): void {
    const name = this.plan.nameOf(node)
    const isOver = this.resolution.overwritten.has(node)
    placeItem({ from: from.at(name), to: (one) => to.at(one), name, isFolder: false, isOver }, () =>
      this.numbered(node, name, to),
    )
  }

  /** @param name the name that it was to get; the free one is made of that */
  private numbered(node: number, name: string, to: FolderHandle): string {
    const present = new Set(fs.readdirSync(to.at('.')).map((one) => collisionKey(one, this.rules)))
    const free = freeName(name, (one) => present.has(collisionKey(one, this.rules)), this.rules)
    this.plan.rename(node, free)
    this.late.add(node)
    return free
  }
}

function isDirectoryAt(folder: FolderHandle, name: string): boolean {
  return fs.lstatSync(folder.at(name), { throwIfNoEntry: false })?.isDirectory() === true
}

function withFolder(parent: FolderHandle, name: string, act: (folder: FolderHandle) => void): void {
  const folder = parent.enter(name)
  try {
    act(folder)
  } finally {
    folder.close()
  }
}
