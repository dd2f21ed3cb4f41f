import { AuthorError } from '../author-error'
import { makeNode, type AuthorNode, type LinkGroup } from '../author-tree'

/** What has become of something, measured by the image that a project began with. */
export type ProjectMark = 'new' | 'changed' | 'moved'

/**
 * One thing in an image that is being put together. Nothing of it is ever changed: a change makes the folders on the way
 * anew and shares all the rest, so that every state that a project was in is kept for next to nothing.
 */
export interface ProjectNode {
  /** Its number for as long as the tree is in memory; a changed node keeps it. */
  readonly key: number
  readonly name: string
  readonly nameBytes: Uint8Array | null
  /** As it came from the disk or an image; its name and its children are those of then. */
  readonly facts: AuthorNode
  readonly isNew: boolean
  readonly isChanged: boolean
  /** Where it was in the image, once it is elsewhere. */
  readonly movedFrom: string | null
  /** By {@link keyOf}; null where it is no folder. */
  readonly children: ReadonlyMap<string, ProjectNode> | null
  /** In bytes, with everything below. */
  readonly byteLength: number
  /** With itself, and everything below. */
  readonly entries: number
  /** Files among them. */
  readonly files: number
}

let lastKey = 0

/** A tree without anything in it. @param modified in milliseconds since 1970 UTC */
export function emptyProject(modified: number): ProjectNode {
  return ofAuthor(makeNode({ name: '', kind: 'directory', modified }), false)
}

/** A tree as it was read. @param isNew whether the image that the project began with has none of it */
export function ofAuthor(node: AuthorNode, isNew: boolean): ProjectNode {
  const children =
    node.kind === 'directory' ? new Map(node.children.map((child) => [keyOf(child), ofAuthor(child, isNew)])) : null
  return measured({
    key: ++lastKey,
    name: node.name,
    nameBytes: node.nameBytes,
    facts: node,
    isNew,
    isChanged: false,
    movedFrom: null,
    children,
  })
}

/** What a row says of it; null for what is as it was. */
export function markOf({ isNew, isChanged, movedFrom }: ProjectNode): ProjectMark | null {
  if (isNew) return 'new'
  return movedFrom !== null ? 'moved' : isChanged ? 'changed' : null
}

/**
 * The tree as one that can be planned and written; planning changes it, and nothing else sees that.
 * @returns with it, what each node is that was read, so that what is known of those can follow
 */
export function toAuthor(root: ProjectNode): { root: AuthorNode; copies: Map<AuthorNode, AuthorNode> } {
  const copies = new Map<AuthorNode, AuthorNode>()
  const groups = new Map<LinkGroup, LinkGroup>()
  const copy = ({ facts, name, nameBytes, children }: ProjectNode): AuthorNode => {
    const links = groups.get(facts.links) ?? { serial: 0, count: 0 }
    groups.set(facts.links, links)
    const node = { ...facts, name, nameBytes, links, children: [...(children?.values() ?? [])].map(copy) }
    copies.set(facts, node)
    return node
  }
  return { root: copy(root), copies }
}

/** The node at a path; null where there is none. */
export function projectNodeAt(root: ProjectNode, path: string): ProjectNode | null {
  let node: ProjectNode | undefined = root
  for (const part of partsOf(path)) node = node === undefined ? undefined : childOf(node, part)
  return node ?? null
}

/**
 * Puts things into a folder: folders are added to those that are there, files take the place of files.
 * @param at the folder's path; it is made where it is not there
 * @returns how many files were replaced
 * @throws {AuthorError} `NAME_TAKEN` where a folder and a file want one name
 */
export function putInto(
  root: ProjectNode,
  at: string,
  nodes: readonly AuthorNode[],
): { root: ProjectNode; replaced: number } {
  let replaced = 0
  const merge = (folder: ProjectNode, added: readonly AuthorNode[]): ProjectNode => {
    const children = new Map(folder.children)
    for (const node of added) {
      const key = keyOf(node)
      const there = children.get(key)
      if (there === undefined) {
        children.set(key, ofAuthor(node, true))
        continue
      }
      if ((there.children === null) !== (node.kind !== 'directory'))
        throw new AuthorError(
          'NAME_TAKEN',
          `“${node.name}” is a folder on one side and none on the other. Delete it first.`,
        )
      if (there.children !== null) {
        children.set(key, merge(there, node.children))
        continue
      }
      replaced++
      children.set(key, { ...ofAuthor(node, there.isNew), key: there.key, isChanged: !there.isNew })
    }
    return withChildren(folder, children)
  }
  const changed = changeFolder(root, partsOf(at), (folder) => merge(folder, nodes))
  return { root: changed, replaced }
}

/**
 * Makes a folder.
 * @param modified in milliseconds since 1970 UTC
 * @throws {AuthorError} `NAME_TAKEN`, or `BAD_REQUEST` for a name that none can have
 */
export function makeFolder(root: ProjectNode, path: string, modified: number): ProjectNode {
  const { folder, name } = placed(path)
  return changeFolder(root, folder, (parent) => {
    if (childOf(parent, name) !== undefined) throw taken(name)
    const made = ofAuthor(makeNode({ name, kind: 'directory', modified }), true)
    return withChildren(parent, new Map(parent.children).set(name, made))
  })
}

/** Takes things out, wherever they lie. @throws {AuthorError} `NO_SUCH_FILE` */
export function remove(root: ProjectNode, paths: readonly string[]): ProjectNode {
  const byFolder = new Map<string, string[]>()
  for (const path of paths) {
    const { folder, name } = placed(path)
    const key = folder.join('/')
    const names = byFolder.get(key)
    if (names === undefined) byFolder.set(key, [name])
    else names.push(name)
  }
  let changed = root
  for (const [folder, names] of byFolder) {
    if (projectNodeAt(changed, folder) === null) throw absent(folder)
    changed = changeFolder(changed, partsOf(folder), (parent) => {
      const children = new Map(parent.children)
      for (const name of names) {
        const node = childOf(parent, name)
        if (node === undefined) throw absent(`${folder === '' ? '' : `${folder}/`}${name}`)
        children.delete(keyOf(node))
      }
      return withChildren(parent, children)
    })
  }
  return changed
}

/** Gives something another name or place. @throws {AuthorError} `NO_SUCH_FILE`, `NAME_TAKEN` or `BAD_REQUEST` */
export function rename(root: ProjectNode, path: string, to: string): ProjectNode {
  const { folder, name } = placed(to)
  return relocate(root, folder, [{ path, name }])
}

/** Puts things into a folder under their own names. @param at its path @throws {AuthorError} as {@link rename} */
export function moveInto(root: ProjectNode, paths: readonly string[], at: string): ProjectNode {
  return relocate(
    root,
    partsOf(at),
    paths.map((path) => ({ path, name: placed(path).name })),
  )
}

/** All at once: each folder is made anew once, however many things leave or reach it. */
function relocate(
  root: ProjectNode,
  folder: readonly string[],
  things: readonly { path: string; name: string }[],
): ProjectNode {
  const moved = things.map(({ path, name }) => {
    const node = projectNodeAt(root, path)
    if (node === null) throw absent(path)
    const to = [...folder, name].join('/')
    if (`${to}/`.startsWith(`${path}/`) && to !== path)
      throw new AuthorError('BAD_REQUEST', `“${path}” cannot be put into itself. Choose another folder.`)
    const home = node.movedFrom ?? path
    const movedFrom = node.isNew || home === to ? null : home
    return { ...node, name, nameBytes: node.name === name ? node.nameBytes : null, movedFrom }
  })
  const without = remove(
    root,
    things.map(({ path }) => path),
  )
  return changeFolder(without, folder, (parent) => {
    const children = new Map(parent.children)
    for (const node of moved) {
      if (childIn(children, node.name) !== undefined) throw taken(node.name)
      children.set(keyOf(node), node)
    }
    return withChildren(parent, children)
  })
}

/** The folders of a path, and its last name. */
function placed(path: string): { folder: string[]; name: string } {
  const folder = partsOf(path)
  const name = folder.pop()
  if (name === undefined || name === '..' || name === '.' || name.includes('\0') || folder.includes('..'))
    throw new AuthorError('BAD_REQUEST', `“${path.replaceAll('\0', '␀')}” cannot be the name of a file or folder.`)
  return { folder, name }
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '')
}

function changeFolder(
  folder: ProjectNode,
  way: readonly string[],
  change: (folder: ProjectNode) => ProjectNode,
): ProjectNode {
  const [name, ...rest] = way
  if (folder.children === null)
    throw new AuthorError('NAME_TAKEN', `“${folder.name}” is no folder, so nothing can be put into it.`)
  if (name === undefined) return change(folder)
  const next =
    childOf(folder, name) ?? ofAuthor(makeNode({ name, kind: 'directory', modified: folder.facts.modified }), true)
  const changed = changeFolder(next, rest, change)
  return withChildren(folder, new Map(folder.children).set(keyOf(changed), changed))
}

function withChildren(folder: ProjectNode, children: ReadonlyMap<string, ProjectNode>): ProjectNode {
  return measured({ ...folder, isChanged: !folder.isNew, children })
}

function measured(node: Omit<ProjectNode, 'byteLength' | 'entries' | 'files'>): ProjectNode {
  let byteLength = node.facts.content?.byteLength ?? 0
  let entries = 1
  let files = node.facts.kind === 'file' ? 1 : 0
  for (const child of node.children?.values() ?? []) {
    byteLength += child.byteLength
    entries += child.entries
    files += child.files
  }
  return { ...node, byteLength, entries, files }
}

/** The child that is shown under a name; those whose names are no text may look alike. */
function childOf({ children }: ProjectNode, name: string): ProjectNode | undefined {
  return children === null ? undefined : childIn(children, name)
}

function childIn(children: ReadonlyMap<string, ProjectNode>, name: string): ProjectNode | undefined {
  const found = children.get(name)
  if (found !== undefined || !name.includes('\ufffd')) return found
  return [...children.values()].find((child) => child.name === name)
}

/** No name of text holds a slash. */
function keyOf({ name, nameBytes }: Pick<AuthorNode, 'name' | 'nameBytes'>): string {
  return nameBytes === null ? name : `/${Buffer.from(nameBytes).toString('latin1')}`
}

function taken(name: string): AuthorError {
  return new AuthorError('NAME_TAKEN', `“${name}” already exists.`)
}

function absent(path: string): AuthorError {
  return new AuthorError('NO_SUCH_FILE', `“${path}” is not in the image any more.`)
}
