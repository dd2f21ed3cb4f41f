import { AuthorError } from '../author-error'
import { makeNode, nodeAt, type AuthorNode } from '../author-tree'
import { collect, type CollectOptions, type LeftOut } from '../collect'

/** One change of a tree. Paths are those of the tree, without a slash in front. */
export type Change =
  { op: 'add'; from: string; at: string } | { op: 'delete'; path: string } | { op: 'rename'; path: string; to: string }

/**
 * Makes changes, one after the other. A file that is added where one is takes its place; a folder is added to one.
 * @returns what of the added could not be taken
 * @throws {AuthorError} `NO_SUCH_FILE` or `NAME_TAKEN`, and nothing says how much was done: the tree is then of no use
 */
export function changeTree(root: AuthorNode, changes: readonly Change[], options: CollectOptions = {}): LeftOut[] {
  const leftOut: LeftOut[] = []
  for (const change of changes) {
    if (change.op === 'add') {
      const added = collect([{ path: change.from, at: change.at }], options)
      leftOut.push(...added.leftOut)
      merge(root, added.root)
    } else if (change.op === 'delete') detach(root, change.path)
    else {
      const node = detach(root, change.path)
      const { parent, name } = placeFor(root, change.to)
      if (parent.children.some((child) => child.name === name))
        throw new AuthorError('NAME_TAKEN', `“${change.to}” already exists. Delete it first.`)
      node.name = name
      node.nameBytes = null
      parent.children.push(node)
    }
  }
  return leftOut
}

function merge(into: AuthorNode, from: AuthorNode): void {
  for (const child of from.children) {
    const index = into.children.findIndex(({ name }) => name === child.name)
    const there = into.children[index]
    if (there === undefined) into.children.push(child)
    else if (there.kind === 'directory' && child.kind === 'directory') merge(there, child)
    else if (there.kind !== 'directory' && child.kind !== 'directory') {
      there.links.count--
      into.children[index] = child
    } else
      throw new AuthorError(
        'NAME_TAKEN',
        `“${child.name}” is a folder on one side and none on the other. Delete it first.`,
      )
  }
}

function detach(root: AuthorNode, path: string): AuthorNode {
  const { parent, name } = split(path)
  const folder = nodeAt(root, parent)
  const index = folder?.children.findIndex((child) => child.name === name) ?? -1
  const node = folder?.children[index]
  if (folder === null || node === undefined)
    throw new AuthorError('NO_SUCH_FILE', `“${path}” is not in the image. Names are the same as “isolde list” gives.`)
  folder.children.splice(index, 1)
  return node
}

function placeFor(root: AuthorNode, path: string): { parent: AuthorNode; name: string } {
  const { parent, name } = split(path)
  let folder = root
  for (const part of parent.split('/')) {
    if (part === '') continue
    let next = folder.children.find((child) => child.name === part)
    if (next === undefined) {
      next = makeNode({ name: part, kind: 'directory', modified: folder.modified })
      folder.children.push(next)
    }
    if (next.kind !== 'directory') throw new AuthorError('NAME_TAKEN', `“${path}” would lie in a file of the image.`)
    folder = next
  }
  if (name === '' || name === '..') throw new AuthorError('BAD_REQUEST', `“${path}” is no place in an image.`)
  return { parent: folder, name }
}

function split(path: string): { parent: string; name: string } {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  const name = parts.pop() ?? ''
  return { parent: parts.join('/'), name }
}
