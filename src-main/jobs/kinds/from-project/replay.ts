import {
  emptyProject,
  makeFolder,
  moveInto,
  ofAuthor,
  putInto,
  remove,
  rename,
  type LeftOut,
  type ProjectBase,
  type ProjectNode,
} from '../../../author'
import type { Details, Said } from '../../../../src-shared/model'
import type { ProjectOperation, ProjectOutline } from './project-shapes'
import type { OwnImages, ProjectSources } from './project-sources'

/** A project at one moment. */
export interface ProjectState {
  root: ProjectNode
  /** Null: that of the image, or none yet. */
  label: string | null
}

export interface Replayed {
  base: ProjectBase | null
  /** Before the first operation, and after each. */
  states: ProjectState[]
  /** Operations that cannot be done any more, because what they take is gone: they have done nothing. */
  failed: Map<number, Said>
  /** What could not be taken of what was added, by the operation that added it. */
  leftOut: Map<number, LeftOut[]>
}

/**
 * Does everything again that was done to a project.
 * @param options.output a file that is about to be written: it goes into no image
 * @param options.onStep told before each operation
 * @throws {AuthorError} or what the system says, where the image that it begins with cannot be read
 */
export async function replay(
  outline: ProjectOutline,
  sources: ProjectSources,
  options: {
    images?: OwnImages
    /** The image that the project begins with, where somebody has read it already. */
    base?: ProjectBase | null
    onStep?: () => void | Promise<void>
  } = {},
): Promise<Replayed> {
  const base = outline.base === null ? null : (options.base ?? (await sources.base(outline.base)))
  const first = base === null ? emptyProject(outline.created) : ofAuthor(base.tree.root, false)
  const replayed: Replayed = { base, states: [{ root: first, label: null }], failed: new Map(), leftOut: new Map() }
  let state: ProjectState = { root: first, label: null }
  for (const [index, operation] of outline.operations.entries()) {
    await options.onStep?.()
    try {
      const done = await perform(state, operation, sources, options.images)
      state = done.state
      if (done.leftOut.length > 0) replayed.leftOut.set(index, done.leftOut)
    } catch (error) {
      replayed.failed.set(index, saidOfError(error))
    }
    replayed.states.push(state)
  }
  return replayed
}

/**
 * Does one thing to a project, which stays as it was before as well.
 * @param images which go into none
 * @throws {AuthorError} where that cannot be done, or what the system says
 */
export async function perform(
  { root, label }: ProjectState,
  operation: ProjectOperation,
  sources: ProjectSources,
  images: OwnImages = {},
): Promise<{ state: ProjectState; replaced: number; leftOut: LeftOut[] }> {
  const done = (changed: ProjectNode, replaced = 0, leftOut: LeftOut[] = []) => ({
    state: { root: changed, label },
    replaced,
    leftOut,
  })
  switch (operation.op) {
    case 'add': {
      const { nodes, leftOut } = sources.files(operation.paths, images)
      const put = putInto(root, operation.at, nodes)
      return done(put.root, put.replaced, leftOut)
    }
    case 'addEntries': {
      const nodes = await sources.entries(operation.source, operation.view, operation.paths)
      const put = putInto(root, operation.at, nodes)
      return done(put.root, put.replaced)
    }
    case 'folder':
      return done(makeFolder(root, operation.path, operation.modified))
    case 'delete':
      return done(remove(root, operation.paths))
    case 'rename':
      return done(rename(root, operation.path, operation.to))
    case 'move':
      return done(moveInto(root, operation.paths, operation.at))
    case 'label':
      return { state: { root, label: operation.label }, replaced: 0, leftOut: [] }
  }
}

/** What was thrown, as a sentence that crosses to the window. */
function saidOfError(error: unknown): Said {
  if (!(error instanceof Error)) return { message: String(error) }
  const { code, message, details } = error as Error & { code?: string; details?: Details }
  return { message, ...(typeof code === 'string' ? { code } : {}), ...(details === undefined ? {} : { details }) }
}
