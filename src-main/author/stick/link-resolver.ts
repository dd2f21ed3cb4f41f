import type { AuthorNode } from '../author-tree'

/** How many links are followed for one path: as many as Linux follows. */
export const LINK_LIMIT = 40

/** What a link leads to in the end: never a link; null where nothing is there, or it leads out of the tree. */
interface Reached {
  node: AuthorNode | null
  /** How many links were followed for it, its own included. */
  linkCount: number
}

/** The end of a link's target, among the names that are left to go. */
interface EndOfLink {
  node: AuthorNode
  /** How many links had been followed before it. */
  before: number
}

/** Follows the symbolic links of a tree that does not change meanwhile. */
export class LinkResolver {
  private readonly known = new Map<AuthorNode, Reached>()
  private readonly names = new Map<AuthorNode, ReadonlyMap<string, AuthorNode>>()

  /** @param parents of every node but the root */
  constructor(
    private readonly root: AuthorNode,
    private readonly parents: ReadonlyMap<AuthorNode, AuthorNode>,
  ) {}

  /**
   * @returns the node that a link leads to, through links at the end of its target and on the way; null where there is
   *   none; `endless` where more links lead there than {@link LINK_LIMIT}, as in a circle
   */
  resolve(link: AuthorNode): AuthorNode | null | 'endless' {
    let linkCount = 0
    let at: AuthorNode | null = link
    // The last is the next. Links in targets wait here, not on the stack: a chain may be as long as an image has room.
    const toGo: (string | EndOfLink)[] = []
    for (let step: string | EndOfLink | undefined = '.'; step !== undefined; step = toGo.pop()) {
      if (typeof step === 'object') this.known.set(step.node, { node: at, linkCount: linkCount - step.before })
      else at = this.step(at, step)
      if (at?.kind !== 'symlink') continue
      const known = this.known.get(at)
      const before = linkCount
      linkCount += known?.linkCount ?? 1
      if (linkCount > LINK_LIMIT) return 'endless'
      if (known === undefined) {
        toGo.push({ node: at, before }, ...namesOf(at.target))
        // What begins at the root of a system begins nowhere on a disc.
        at = at.target === '' || at.target.startsWith('/') ? null : (this.parents.get(at) ?? this.root)
      } else at = known.node
    }
    return at
  }

  /** One name further; null stays null. */
  private step(at: AuthorNode | null, name: string): AuthorNode | null {
    if (at === null || name === '.') return at
    if (at.kind !== 'directory') return null
    return (name === '..' ? this.parents.get(at) : this.childrenOf(at).get(name)) ?? null
  }

  /** By their names; of two with the same name the first. */
  private childrenOf(folder: AuthorNode): ReadonlyMap<string, AuthorNode> {
    let names = this.names.get(folder)
    if (names === undefined) {
      names = new Map(folder.children.toReversed().map((child) => [child.name, child]))
      this.names.set(folder, names)
    }
    return names
  }
}

/** The names of a path, the last one first. */
function namesOf(target: string): string[] {
  return target
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .reverse()
}
