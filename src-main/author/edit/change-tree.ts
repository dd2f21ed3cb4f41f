import { AuthorError } from '../author-error'
import type { AuthorNode } from '../author-tree'
import { collect, type CollectOptions, type LeftOut } from '../collect'
import { Folders, placeAt } from '../folders'

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
  const folders = new Folders()
  for (const change of changes) {
    if (change.op === 'add') {
      const added = collect([{ path: change.from, at: change.at }], options)
      leftOut.push(...added.leftOut)
      merge(folders, root, added.root)
    } else if (change.op === 'delete') detach(folders, root, change.path)
    else {
      const place = placeAt(change.to)
      const node = detach(folders, root, change.path)
      const parent = folders.make(root, place)
      if (folders.find(parent, place.name) !== undefined)
        throw new AuthorError('NAME_TAKEN', `“${change.to}” already exists. Delete it first.`)
      node.name = place.name
      node.nameBytes = null
      folders.put(parent, node)
    }
  }
  folders.close()
  return leftOut
}

function merge(folders: Folders, into: AuthorNode, from: AuthorNode): void {
  for (const child of from.children) {
    const there = folders.same(into, child)
    if (there?.kind === 'directory' && child.kind === 'directory') merge(folders, there, child)
    else if (there === undefined || (there.kind !== 'directory' && child.kind !== 'directory')) folders.put(into, child)
    else
      throw new AuthorError(
        'NAME_TAKEN',
        `“${child.name}” is a folder on one side and none on the other. Delete it first.`,
      )
  }
}

function detach(folders: Folders, root: AuthorNode, path: string): AuthorNode {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.length === 0) throw new AuthorError('BAD_REQUEST', 'The root of an image stays. Name what lies in it.')
  const parent = folders.at(root, parts.slice(0, -1))
  const node = parent === null ? undefined : folders.find(parent, parts.at(-1) ?? '')
  if (parent === null || node === undefined)
    throw new AuthorError('NO_SUCH_FILE', `“${path}” is not in the image. Names are the same as “isolde list” gives.`)
  folders.remove(parent, node)
  return node
}
