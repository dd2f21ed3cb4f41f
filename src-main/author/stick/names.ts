import { AuthorError } from '../author-error'
import { walk, type AuthorNode } from '../author-tree'
import { upcaseTable } from './upcase'

const NAME_LIMIT = 255
const FORBIDDEN = new RegExp('["*/:<>?\\\\|\\u0000-\\u001f]')

/**
 * That a tree’s names can stand on a FAT or exFAT volume, and are different there too.
 * @throws {AuthorError} `BAD_REQUEST` with the first that is not
 */
export function assertFatNames(root: AuthorNode): void {
  assertDistinct(root, '')
  for (const { node, path } of walk(root)) {
    const { name } = node
    if (FORBIDDEN.test(name) || /[. ]$/.test(name) || name.length > NAME_LIMIT)
      throw new AuthorError(
        'BAD_REQUEST',
        `“${path}” is a name that a FAT volume cannot hold. Write the image as it is, if it is made for that.`,
      )
    if (node.kind === 'directory') assertDistinct(node, path)
  }
}

/** As Windows and firmware compare names, letter by letter: what is two letters in capitals (ß) is no other letter. */
function folded(name: string): string {
  const { fold } = upcaseTable()
  return String.fromCharCode(...Array.from({ length: name.length }, (_, i) => fold(name.charCodeAt(i))))
}

function assertDistinct({ children }: AuthorNode, path: string): void {
  const taken = new Map<string, string>()
  for (const { name } of children) {
    const capitals = folded(name)
    const other = taken.get(capitals)
    if (other !== undefined)
      throw new AuthorError(
        'BAD_REQUEST',
        `“${other}” and “${name}” in ${path === '' ? 'the root' : `“${path}”`} differ in the case of letters only, which a FAT volume does not tell apart.`,
      )
    taken.set(capitals, name)
  }
}

/** Names that Windows takes for devices, with any extension: files are there, and cannot be opened. */
const DEVICES = /^(?:con|prn|aux|nul|com[1-9¹²³]|lpt[1-9¹²³])(?:\.|$)/i

/** The paths of a tree that Windows cannot open by their names. */
export function deviceNames(root: AuthorNode): string[] {
  return [...walk(root)].filter(({ node }) => DEVICES.test(node.name)).map(({ path }) => path)
}
