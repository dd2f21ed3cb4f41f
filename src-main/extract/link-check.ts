import fs from 'node:fs'
import path from 'node:path'
import type { Plan } from './plan'
import { collisionKey, type NameRules } from './safe-names'

/** What is at the destination already: a folder, the target of a link, or nothing that could be walked through. */
export type LookAtDestination = (relativePath: string) => 'folder' | 'nothing' | { linksTo: string }

/** Where a walk stands: at a node of the plan, or at something that only the destination has, or that is nowhere yet. */
type Place = number | Elsewhere

interface Elsewhere {
  parent: Place
  name: string
  isFolder: boolean
}

/** As many links as Linux follows on one way; a longer chain is taken for one that leads out. */
const LINK_LIMIT = 40

/**
 * Tells of each link of a plan whether it stays below the destination when the system follows it: through the other links
 * of the plan and of the destination, since `a/..` is not the folder of `a` where `a` is a link. Up again through
 * something that is not there (yet) counts as leading out: a later extraction could put a link there.
 */
export class LinkCheck {
  private readonly ends = new Map<number, Place | null | 'underway'>()
  private readonly names = new Map<number, Map<string, number>>()
  private children: Map<number, number[]> | null = null

  /**
   * @param rules the system that will follow the links: only Windows takes `\` for a separator
   * @param isLeftOut nodes that are not written, so that what is at the destination stays in their place
   */
  constructor(
    private readonly plan: Plan,
    private readonly rules: NameRules,
    private readonly look: LookAtDestination = () => 'nothing',
    private readonly isLeftOut: (node: number) => boolean = () => false,
  ) {}

  /** @param node a symlink of the plan */
  staysInside(node: number): boolean {
    return this.endOf(node, 0) !== null
  }

  /** Where a link leads; null where that is outside. Each is walked once. */
  private endOf(node: number, depth: number): Place | null {
    const known = this.ends.get(node)
    const parent = this.plan.parentOf(node)
    // Links that lead in a circle lead nowhere.
    if (known === 'underway') return { parent, name: this.plan.nameOf(node), isFolder: false }
    if (known !== undefined) return known
    this.ends.set(node, 'underway')
    const end = this.walk(parent, this.plan.table.targetOf(this.plan.entryOf(node)) ?? '', depth)
    this.ends.set(node, end)
    return end
  }

  private walk(from: Place, target: string, depth: number): Place | null {
    if (depth > LINK_LIMIT || this.isAbsolute(target)) return null
    let at: Place | null = from
    for (const name of target.split(this.rules.platform === 'win32' ? /[/\\]/ : '/')) {
      if (name === '' || name === '.') continue
      if (name !== '..') at = this.step(at, name, depth)
      else if (at === 0 || !this.isFolder(at)) return null
      else at = this.above(at)
      if (at === null) return null
    }
    return at
  }

  private isAbsolute(target: string): boolean {
    if (target === '' || target.startsWith('/')) return true
    return this.rules.platform === 'win32' && /^(?:\\|[A-Za-z]:)/.test(target)
  }

  private step(at: Place, name: string, depth: number): Place | null {
    const child = typeof at === 'number' ? this.childOf(at, name) : undefined
    if (child !== undefined) return this.isLink(child) ? this.endOf(child, depth + 1) : child
    const found = this.isFolder(at) ? this.look(this.pathOf({ parent: at, name, isFolder: false })) : 'nothing'
    if (typeof found === 'object') return this.walk(at, found.linksTo, depth + 1)
    return { parent: at, name, isFolder: found === 'folder' }
  }

  private childOf(folder: number, name: string): number | undefined {
    let names = this.names.get(folder)
    if (names === undefined) {
      this.children ??= this.plan.childLists()
      const children = (this.children.get(folder) ?? []).filter((node) => !this.isLeftOut(node))
      names = new Map(children.map((node) => [collisionKey(this.plan.nameOf(node), this.rules), node]))
      this.names.set(folder, names)
    }
    return names.get(collisionKey(name, this.rules))
  }

  private isLink(node: number): boolean {
    return !this.plan.isDirectory(node) && this.plan.table.kindOf(this.plan.entryOf(node)) === 'symlink'
  }

  private isFolder(at: Place): boolean {
    return typeof at === 'number' ? this.plan.isDirectory(at) : at.isFolder
  }

  private above(at: Place): Place {
    return typeof at === 'number' ? this.plan.parentOf(at) : at.parent
  }

  private pathOf(at: Place): string {
    if (typeof at === 'number') return this.plan.pathOf(at)
    const parent = this.pathOf(at.parent)
    return parent === '' ? at.name : `${parent}/${at.name}`
  }
}

/** For a plan that is written into a folder. @param destination absolute; it need not be there yet */
export function lookBelow(destination: string): LookAtDestination {
  return (relativePath) => {
    const at = path.join(destination, relativePath)
    try {
      const stat = fs.lstatSync(at, { throwIfNoEntry: false })
      if (stat?.isSymbolicLink() === true) return { linksTo: fs.readlinkSync(at) }
      return stat?.isDirectory() === true ? 'folder' : 'nothing'
    } catch {
      return 'nothing'
    }
  }
}

/** Why a link is not made; null where it is. */
export function linkProblem(target: string, staysInside: boolean): { code: string; message: string } | null {
  if (target.includes('\0'))
    return { code: 'LINK_TARGET_INVALID', message: 'The link’s target holds a NUL byte, which no system takes.' }
  if (target === '')
    return { code: 'LINK_TARGET_INVALID', message: 'The link has no target on record, and was not made.' }
  if (staysInside) return null
  return {
    code: 'LINK_LEADS_OUT',
    message: `The link leads out of the destination, to “${target}”, and was not made.`,
  }
}
