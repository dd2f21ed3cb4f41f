import { walk, type AuthorNode } from './author-tree'

/** Owners 0, and modes that anybody can read, of everything in a tree: what travels to other computers. */
export function makeModesPlain(root: AuthorNode): void {
  for (const node of [root, ...[...walk(root)].map(({ node }) => node)]) {
    node.mode = plainMode(node)
    node.uid = 0
    node.gid = 0
  }
}

/** Readable by anybody, and runnable where it was for somebody. */
export function plainMode({ kind, mode }: Pick<AuthorNode, 'kind' | 'mode'>): number {
  return kind === 'directory' || (mode & 0o111) !== 0 ? 0o555 : 0o444
}
