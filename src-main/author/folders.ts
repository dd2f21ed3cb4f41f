import { AuthorError } from './author-error'
import { isSameName, makeNode, type AuthorNode } from './author-tree'

/** Where something goes in an image: the folders on the way from the root, and its name. */
export interface Place {
  folders: readonly string[]
  name: string
}

/**
 * A place as people write it, with slashes between the names.
 * @throws {AuthorError} `BAD_REQUEST` where it is the root itself, or leads out of the image
 */
export function placeAt(path: string): Place {
  const folders = path.split('/').filter((part) => part !== '' && part !== '.')
  const name = folders.pop()
  if (name === undefined || name === '..' || folders.includes('..'))
    throw new AuthorError('BAD_REQUEST', `“${path}” is no place in an image. Write it as a path from its root.`)
  return { folders, name }
}

/** One folder: its children by their names; those whose names are no text may look alike. */
interface OpenFolder {
  byKey: Map<string, AuthorNode>
  hasForeign: boolean
}

/**
 * The folders of a tree while they are changed: a child is found at once, however many a folder has. What was changed is
 * in the tree after {@link close}.
 */
export class Folders {
  private readonly open = new Map<AuthorNode, OpenFolder>()

  /** The child that is shown under a name. */
  find(folder: AuthorNode, name: string): AuthorNode | undefined {
    const { byKey, hasForeign } = this.opened(folder)
    const found = byKey.get(name)
    if (found !== undefined || !hasForeign) return found
    return [...byKey.values()].find((child) => child.name === name)
  }

  /** The child that is called as a node is. */
  same(folder: AuthorNode, node: AuthorNode): AuthorNode | undefined {
    const found = this.opened(folder).byKey.get(keyOf(node))
    return found !== undefined && isSameName(found, node) ? found : undefined
  }

  /** Adds a child, in place of one that is called the same. */
  put(folder: AuthorNode, node: AuthorNode): void {
    const opened = this.opened(folder)
    opened.byKey.set(keyOf(node), node)
    opened.hasForeign ||= node.nameBytes !== null
  }

  remove(folder: AuthorNode, node: AuthorNode): void {
    this.opened(folder).byKey.delete(keyOf(node))
  }

  /** The node at a path; null where there is none. */
  at(root: AuthorNode, parts: readonly string[]): AuthorNode | null {
    let node: AuthorNode | undefined = root
    for (const part of parts) node = node === undefined ? undefined : this.find(node, part)
    return node ?? null
  }

  /**
   * The folder of a place; those on the way are made where they are not there.
   * @param modified of folders that are made; that of the folder around them by default
   * @throws {AuthorError} `NAME_TAKEN` where something else is in the way
   */
  make(root: AuthorNode, { folders, name }: Place, modified?: number): AuthorNode {
    let folder = root
    for (const part of folders) {
      let next = this.find(folder, part)
      if (next === undefined) {
        next = makeNode({ name: part, kind: 'directory', modified: modified ?? folder.modified })
        this.put(folder, next)
      }
      if (next.kind !== 'directory')
        throw new AuthorError('NAME_TAKEN', `“${[...folders, name].join('/')}” would lie in a file of the image.`)
      folder = next
    }
    return folder
  }

  /** Writes the changes into the tree. */
  close(): void {
    for (const [folder, { byKey }] of this.open) folder.children = [...byKey.values()]
    this.open.clear()
  }

  private opened(folder: AuthorNode): OpenFolder {
    let opened = this.open.get(folder)
    if (opened === undefined) {
      opened = {
        byKey: new Map(folder.children.map((child) => [keyOf(child), child])),
        hasForeign: folder.children.some(({ nameBytes }) => nameBytes !== null),
      }
      this.open.set(folder, opened)
    }
    return opened
  }
}

/** No name of text holds a slash. */
function keyOf({ name, nameBytes }: AuthorNode): string {
  return nameBytes === null ? name : `/${Buffer.from(nameBytes).toString('latin1')}`
}
