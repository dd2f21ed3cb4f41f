import type { DiscImage } from '../../image'
import { AuthorError } from '../author-error'
import type { AuthorNode } from '../author-tree'
import { PRESETS, type AuthorOptions } from '../options'
import { planImage, type Plan } from '../plan'
import { changeTree } from './change-tree'
import { followBoots } from './follow-boots'
import { leftBehind } from './left-behind'
import { optionsOfImage, type ImageOptions } from './image-options'
import { damagedFiles, readImageTree, type ImageTree } from './image-tree'
import { toAuthor, type ProjectNode } from './project-tree'
import { renewLists } from './renew-lists'

/** The image that a project changes, as it is without any change. */
export interface ProjectBase {
  tree: ImageTree
  made: ImageOptions
}

/** Reads what a project begins with. The image stays open for as long as the project is planned or written. */
export async function readProjectBase(image: DiscImage, view: string): Promise<ProjectBase> {
  const tree = await readImageTree(image, view)
  const made = await optionsOfImage(image, tree.root, tree.hasSums)
  const { files, around } = await leftBehind(image, view, tree.table)
  return { tree, made: { ...made, lost: [...made.lost, ...files, ...around] } }
}

/** How an image is to be made of a project's tree. */
export interface ProjectRequest {
  root: ProjectNode
  base: ProjectBase | null
  /** What a new image is for; one that is changed stays what it is. */
  preset: keyof typeof PRESETS
  /** MD5 sums of the image and of each file are kept in it; one that is changed keeps those that it has. */
  keepsSums: boolean
  /** Null: that of the image. */
  label: string | null
  /** Files that are damaged in the image are left out, instead of refusing. */
  leavesOutDamaged: boolean
}

/** A project as it will be written, and what of the image it began with is not as it was. */
export interface ProjectPlan {
  plan: Plan
  options: AuthorOptions
  kept: string[]
  lost: string[]
  /** Sentences about files that are not whole; they are left out where that was allowed. */
  damaged: string[]
}

/**
 * Plans what a project will be. Its own tree stays as it is.
 * @throws {AuthorError} where no such image can be made
 */
export async function planProject(request: ProjectRequest): Promise<ProjectPlan> {
  const { base, label } = request
  const { root, copies } = toAuthor(request.root)
  const damaged = damagedIn(root, base, request.leavesOutDamaged)
  if (base === null) {
    const preset: AuthorOptions = PRESETS[request.preset]
    const options = { ...preset, label: label ?? '', md5: request.keepsSums && preset.rockRidge }
    return { plan: await planImage(root, options), options, kept: [], lost: [], damaged }
  }
  const { tree, made } = base
  const now = (node: AuthorNode): AuthorNode => copies.get(node) ?? node
  const followed = made.options.boots.map((boot) =>
    boot.node === undefined ? boot : { ...boot, node: now(boot.node) },
  )
  const boots = followBoots(root, followed)
  const lists = tree.lists.map((list) => ({
    ...list,
    node: now(list.node),
    lines: list.lines.map((line) => ({ ...line, node: line.node === null ? null : now(line.node) })),
  }))
  const renewed = await renewLists(root, lists, boots)
  const options: AuthorOptions = { ...made.options, boots }
  if (label !== null) {
    options.label = label
    options.asRecorded = options.asRecorded.filter((text) => text !== 'label')
  }
  return {
    plan: await planImage(root, options),
    options,
    kept: [...made.kept, ...renewed.kept],
    lost: [...made.lost, ...tree.lost, ...renewed.lost],
    damaged,
  }
}

function damagedIn(root: AuthorNode, base: ProjectBase | null, leavesOut: boolean): string[] {
  const files = damagedFiles(root)
  const damaged = [...(base?.tree.damage ?? []), ...files.map(({ message }) => message)]
  if (leavesOut)
    changeTree(
      root,
      files.map(({ path }) => ({ op: 'delete', path })),
    )
  return damaged
}

/** @throws {AuthorError} `CONTENT_DAMAGED` where something is damaged and nobody has consented to leaving it out */
export function assertWhole({ damaged }: ProjectPlan, leavesOutDamaged: boolean): void {
  if (damaged.length === 0 || leavesOutDamaged) return
  const more = damaged.length > 1 ? ` ${damaged.length - 1} more are damaged as well.` : ''
  throw new AuthorError(
    'CONTENT_DAMAGED',
    `${damaged[0] ?? ''}${more} Allow that what is damaged is left out, or rescue the image first.`,
  )
}
