import { saidOf, type Said } from '../../../src-shared/model'
import type { DiscImage } from '../../image'
import { AuthorError } from '../author-error'
import type { AuthorNode } from '../author-tree'
import { makeModesPlain } from '../modes'
import { PRESETS, type AuthorOptions } from '../options'
import { planImage, type Plan } from '../plan'
import { appendBase } from './append-base'
import { changeTree } from './change-tree'
import { filmPlacesOf } from './film-places'
import { followBoots } from './follow-boots'
import { leftBehind, type LeftBehind } from './left-behind'
import { optionsOfImage, type ImageOptions } from './image-options'
import { damagedFiles, readImageTree, type ImageTree } from './image-tree'
import { withMore, type MoreOptions } from './more-options'
import { toAuthor, type ProjectNode } from './project-tree'
import { renewLists } from './renew-lists'
import { copyFates, SESSION_OPTIONS, sessionFates } from './copy-fates'

/** The image that a project changes, as it is without any change. */
export interface ProjectBase {
  image: DiscImage
  tree: ImageTree
  made: ImageOptions
  left: LeftBehind
}

/** Reads what a project begins with. The image stays open for as long as the project is planned or written. */
export async function readProjectBase(image: DiscImage, view: string): Promise<ProjectBase> {
  const tree = await readImageTree(image, view)
  const made = await optionsOfImage(image, tree.root, tree.hasSums)
  return { image, tree, made, left: await leftBehind(image, view, tree.table) }
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
  more: MoreOptions
  /** Files that are damaged in the image are left out, instead of refusing. */
  leavesOutDamaged: boolean
}

/** A project as it will be written, and what of the image it began with is not as it was. */
export interface ProjectPlan {
  plan: Plan
  options: AuthorOptions
  kept: Said[]
  lost: Said[]
  /** Those of them that somebody would miss: such a copy takes the place of no original. */
  missing: Said[]
  /** About files that are not whole; they are left out where that was allowed. */
  damaged: Said[]
}

/**
 * Plans what a project will be. Its own tree stays as it is.
 * @throws {AuthorError} where no such image can be made
 */
export async function planProject(request: ProjectRequest): Promise<ProjectPlan> {
  const { base, label, more } = request
  const { root, copies } = toAuthor(request.root)
  const damaged = damagedIn(root, base, request.leavesOutDamaged)
  if (more.plainModes === true) makeModesPlain(root)
  if (base === null) {
    const preset: AuthorOptions = PRESETS[request.preset]
    const asked = { ...preset, label: label ?? '', md5: request.keepsSums && preset.rockRidge }
    const options = withMore(asked, more)
    return { plan: await planImage(root, options), options, kept: [], lost: [], missing: [], damaged }
  }
  const { image, tree, made, left } = base
  const isSession = more.appends === true
  const session = isSession ? await appendBase(image, tree, made.options) : null
  const fates = isSession ? sessionFates(made, more) : copyFates(made, more)
  const now = (node: AuthorNode): AuthorNode => copies.get(node) ?? node
  const followed = made.options.boots.map((boot) =>
    boot.node === undefined ? boot : { ...boot, node: now(boot.node) },
  )
  const asked = withMore({ ...made.options, boots: followed }, more)
  const boots = followBoots(root, asked.boots)
  const lists = tree.lists.map((list) => ({
    ...list,
    node: now(list.node),
    lines: list.lines.map((line) => ({ ...line, node: line.node === null ? null : now(line.node) })),
  }))
  const renewed = await renewLists(root, lists, boots)
  const options: AuthorOptions = { ...asked, boots, ...(isSession ? SESSION_OPTIONS : {}) }
  const films = await filmPlacesOf(root, options, session?.places ?? null)
  options.dvdVideo = films.dvdVideo
  if (label !== null) {
    options.label = label
    options.asRecorded = options.asRecorded.filter((text) => text !== 'label')
  }
  const missing = [...fates.lost, ...tree.lost, ...left.files, ...(isSession ? [] : left.around), ...films.lost]
  return {
    plan: await planImage(root, options, session),
    options,
    kept: [...fates.kept, ...renewed.kept],
    lost: [...missing, ...fates.otherwise, ...tree.otherwise, ...renewed.lost],
    missing,
    damaged,
  }
}

function damagedIn(root: AuthorNode, base: ProjectBase | null, leavesOut: boolean): Said[] {
  const files = damagedFiles(root)
  const damaged = [...(base?.tree.damage ?? []), ...files.map(saidOf)]
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
  const others = damaged.length > 1 ? ` ${damaged.length - 1} more are damaged as well.` : ''
  throw new AuthorError(
    'CONTENT_DAMAGED',
    `${damaged[0]?.message ?? ''}${others} Allow that what is damaged is left out, or rescue the image first.`,
  )
}
