import { makeNode, type AuthorContent, type AuthorNode } from '../author-tree'
import { LINK_LIMIT, LinkResolver } from './link-resolver'

/** Something of a tree that a FAT or exFAT volume has no form for. */
export interface NotOnFat {
  path: string
  /** A sentence. */
  message: string
}

/** How much copies in the place of links may add to a tree. */
export interface CopyLimits {
  byteLength: number
  entryCount: number
}

/** Links of distributions lead to boot files and to lists of packages, not to what fills the disc. */
const LIMITS: CopyLimits = { byteLength: 256 << 20, entryCount: 50_000 }
/** How many folders copies may lie in: folders whose links lead to one another are no circle, and go deeper each time. */
const DEPTH_LIMIT = 100

/** What a file, or a folder with all that lies in it, adds to a tree. What links in it lead to is not counted. */
interface Size {
  bytes: number
  entries: number
}

/**
 * Makes a tree one of files and folders alone, as FAT has them. A symbolic link becomes a copy of what it leads to inside
 * the tree; one that leads elsewhere, in a circle, through too many others or to more than the limits allow is left out, and
 * so is whatever else is neither file nor folder.
 * @param root its children are replaced
 * @returns what was left out, in the order of the tree
 */
export function copyLinks(root: AuthorNode, limits: CopyLimits = LIMITS): NotOnFat[] {
  const copier = new LinkCopier(root, limits)
  root.children = copier.childrenOf(root, [root], '', false)
  return copier.leftOut
}

class LinkCopier {
  readonly leftOut: NotOnFat[] = []
  private readonly parents: ReadonlyMap<AuthorNode, AuthorNode>
  private readonly sizes: ReadonlyMap<AuthorNode, Size>
  private readonly links: LinkResolver
  private bytesLeft: number
  private entriesLeft: number

  constructor(root: AuthorNode, { byteLength, entryCount }: CopyLimits) {
    this.bytesLeft = byteLength
    this.entriesLeft = entryCount
    this.parents = parentsIn(root)
    this.sizes = sizesOf(root, this.parents)
    this.links = new LinkResolver(root, this.parents)
  }

  /** @param within the folders that are being gone through, by their originals @param isCopy they come a second time */
  childrenOf(folder: AuthorNode, within: readonly AuthorNode[], path: string, isCopy: boolean): AuthorNode[] {
    return folder.children.flatMap((child) => {
      const own = path === '' ? child.name : `${path}/${child.name}`
      if (child.kind === 'symlink') return this.copyOf(child, within, own) ?? []
      if (child.kind === 'file') return isCopy ? copiedFile(child, child, own) : child
      if (child.kind === 'directory')
        return makeNode({ ...child, children: this.childrenOf(child, [...within, child], own, isCopy) })
      this.leaveOut(own, `a ${child.kind}, which FAT cannot hold`)
      return []
    })
  }

  /** What a link leads to, under its name; null where that is left out. */
  private copyOf(link: AuthorNode, within: readonly AuthorNode[], path: string): AuthorNode | null {
    const target = this.links.resolve(link)
    if (target === 'endless')
      return this.leaveOut(
        path,
        `a link to ${link.target}, which more than ${LINK_LIMIT} links lead to, or a circle of them`,
      )
    if (target?.kind !== 'file' && target?.kind !== 'directory')
      return this.leaveOut(path, `a link to ${link.target}, which is not in the image`)
    if (within.includes(target) || this.isAround(target, link))
      return this.leaveOut(path, `a link to ${link.target}, which it lies in itself`)
    if (within.length > DEPTH_LIMIT)
      return this.leaveOut(path, `a link to ${link.target}, in more than ${DEPTH_LIMIT} folders`)
    const { bytes, entries } = this.sizes.get(target) ?? ownSize(target)
    if (bytes > this.bytesLeft || entries > this.entriesLeft)
      return this.leaveOut(path, `a link to ${link.target}, which is too large to be copied in its place`)
    this.bytesLeft -= bytes
    this.entriesLeft -= entries
    if (target.kind === 'file') return copiedFile(target, link, path)
    const children = this.childrenOf(target, [...within, target], path, true)
    return makeNode({ ...target, name: link.name, nameBytes: link.nameBytes, children })
  }

  private leaveOut(path: string, why: string): null {
    this.leftOut.push({ path, message: `“${path}” is left out: it is ${why}.` })
    return null
  }

  private isAround(folder: AuthorNode, node: AuthorNode): boolean {
    for (let at = this.parents.get(node); at !== undefined; at = this.parents.get(at)) if (at === folder) return true
    return false
  }
}

/** Contents are known by the object: a copy lies at a place of its own. */
function copiedFile(file: AuthorNode, named: AuthorNode, path: string): AuthorNode {
  const { content } = file
  const own: AuthorContent | null = content && {
    byteLength: content.byteLength,
    origin: path,
    open: () => content.open(),
    ...(content.discPosition === undefined ? {} : { discPosition: content.discPosition }),
    ...(content.isDamaged === undefined ? {} : { isDamaged: content.isDamaged }),
  }
  return makeNode({ ...file, name: named.name, nameBytes: named.nameBytes, content: own })
}

/** Parents by their children, in an order in which every parent comes before what lies in it. */
function parentsIn(root: AuthorNode): Map<AuthorNode, AuthorNode> {
  const parents = new Map<AuthorNode, AuthorNode>()
  const open = [root]
  for (const folder of open)
    for (const child of folder.children) {
      parents.set(child, folder)
      if (child.kind === 'directory') open.push(child)
    }
  return parents
}

/** Of all nodes, each of which is gone to once however many links lead to it. @param parents in order, see {@link parentsIn} */
function sizesOf(root: AuthorNode, parents: ReadonlyMap<AuthorNode, AuthorNode>): Map<AuthorNode, Size> {
  const nodes = [root, ...parents.keys()]
  const sizes = new Map(nodes.map((node) => [node, ownSize(node)]))
  for (const node of nodes.reverse()) {
    const parent = parents.get(node)
    const [own, around] = [sizes.get(node), parent && sizes.get(parent)]
    if (own === undefined || around === undefined) continue
    around.bytes += own.bytes
    around.entries += own.entries
  }
  return sizes
}

function ownSize({ content }: AuthorNode): Size {
  return { bytes: content?.byteLength ?? 0, entries: 1 }
}
