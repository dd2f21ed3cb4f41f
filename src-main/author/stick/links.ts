import { makeNode, type AuthorContent, type AuthorNode } from '../author-tree'

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
/** How many links may lead to one another. */
const LINK_LIMIT = 16

/**
 * Makes a tree one of files and folders alone, as FAT has them. A symbolic link becomes a copy of what it leads to inside
 * the tree; one that leads elsewhere, in a circle or to more than the limits allow is left out, and so is whatever else is
 * neither file nor folder.
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
  private readonly parents = new Map<AuthorNode, AuthorNode>()
  private bytesLeft: number
  private entriesLeft: number

  constructor(
    private readonly root: AuthorNode,
    { byteLength, entryCount }: CopyLimits,
  ) {
    this.bytesLeft = byteLength
    this.entriesLeft = entryCount
    const open = [root]
    for (const folder of open)
      for (const child of folder.children) {
        this.parents.set(child, folder)
        if (child.kind === 'directory') open.push(child)
      }
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
    const target = this.targetOf(link)
    if (target === null) return this.leaveOut(path, `a link to ${link.target}, which is not in the image`)
    if (within.includes(target) || this.isAround(target, link))
      return this.leaveOut(path, `a link to ${link.target}, which it lies in itself`)
    const { bytes, entries } = sizeOf(target)
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

  /** The file or folder that a link leads to in the end; null where that is none. */
  private targetOf(link: AuthorNode): AuthorNode | null {
    let at: AuthorNode | null = link
    for (let links = 0; at?.kind === 'symlink'; links++)
      at = links < LINK_LIMIT ? this.follow(at.target, this.parents.get(at) ?? this.root, links) : null
    return at?.kind === 'file' || at?.kind === 'directory' ? at : null
  }

  /** One step: links on the way count as folders that they lead to. */
  private follow(target: string, from: AuthorNode, links: number): AuthorNode | null {
    // What begins at the root of a system begins nowhere on a disc.
    if (target === '' || target.startsWith('/')) return null
    let at: AuthorNode | null = from
    for (const name of target.split('/')) {
      if (name === '' || name === '.') continue
      if (at?.kind === 'symlink')
        at = links < LINK_LIMIT ? this.follow(at.target, this.parents.get(at) ?? this.root, links + 1) : null
      if (at?.kind !== 'directory') return null
      at = name === '..' ? (this.parents.get(at) ?? null) : (at.children.find((child) => child.name === name) ?? null)
    }
    return at
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

/** Without what links in it lead to, which are counted when they are come to. */
function sizeOf(node: AuthorNode): { bytes: number; entries: number } {
  let [bytes, entries] = [0, 0]
  const open = [node]
  for (const each of open) {
    entries++
    bytes += each.content?.byteLength ?? 0
    for (const child of each.children) open.push(child)
  }
  return { bytes, entries }
}
