import fs from 'node:fs'
import path from 'node:path'
import type { Resolution } from './conflicts'
import { asWriteError } from './extract-error'
import { openFolder, type FolderHandle } from './folder-handle'
import type { Plan } from './plan'
import { collisionKey, freeName, type NameRules } from './safe-names'
import { isTaken, placeNew } from '../sinks/placing'
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
): LateRenames {
  const late: LateRenames = new Set()
  const merge = new Merge(plan, resolution, rules, isStaged, late)
  if (!stage.destinationFolder) {
    try {
      // A new folder appears whole. An empty one that somebody made meanwhile is replaced; a filled one is merged into.
      fs.renameSync(stage.path, stage.destination)
      return late
    } catch (error) {
      if (!isTaken(error)) throw asWriteError(error, stage.destination)
    }
  }
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
    const existing = fs.lstatSync(to.at(name), { throwIfNoEntry: false })
    if (!existing) {
      if (moveFolder(from, to, name)) return
    } else if (!existing.isDirectory()) {
      const free = this.numbered(node, to)
      if (moveFolder(from, to, name, free)) return
    }
    const below = to.enter(name)
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
    if (this.resolution.overwritten.has(node)) {
      fs.renameSync(from.at(name), to.at(name))
      return
    }
    if (placeNew(from.at(name), to.at(name))) return
    placeNew(from.at(name), to.at(this.numbered(node, to)))
  }

  private numbered(node: number, to: FolderHandle): string {
    const present = new Set(fs.readdirSync(to.at('.')).map((name) => collisionKey(name, this.rules)))
    const free = freeName(this.plan.nameOf(node), (name) => present.has(collisionKey(name, this.rules)), this.rules)
    this.plan.rename(node, free)
    this.late.add(node)
    return free
  }
}

/** False where something is there by now. A folder without write permission cannot change parents, so it gets it for the move. */
function moveFolder(from: FolderHandle, to: FolderHandle, name: string, newName = name): boolean {
  const mode = fs.lstatSync(from.at(name)).mode & 0o7777
  const isReadOnly = (mode & 0o200) === 0
  if (isReadOnly)
    withFolder(from, name, (folder) => {
      folder.setMode(mode | 0o700)
    })
  try {
    fs.renameSync(from.at(name), to.at(newName))
  } catch (error) {
    if (isTaken(error)) return false
    throw error
  }
  if (isReadOnly)
    withFolder(to, newName, (folder) => {
      folder.setMode(mode)
    })
  return true
}

function withFolder(parent: FolderHandle, name: string, act: (folder: FolderHandle) => void): void {
  const folder = parent.enter(name)
  try {
    act(folder)
  } finally {
    folder.close()
  }
}
