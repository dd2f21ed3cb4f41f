import { AuthorError } from '../author-error'
import { makeNode, walk, type AuthorContent, type AuthorNode } from '../author-tree'
import type { ImageSums } from './image-sums'

const SUM_LIST_NAME = 'SHA256SUMS'
const HEX_LENGTH = 64

export interface SumListFile {
  content: AuthorContent
  /** @param sums that have seen every other file */
  write(sums: ImageSums): Uint8Array
}

/**
 * Adds a list of every file's SHA-256 sum to the root, as `sha256sum -c` reads it. Its length is known before the sums.
 * @throws {AuthorError} `NAME_TAKEN` where the root has such a file
 */
export function addSumList(root: AuthorNode): SumListFile {
  if (root.children.some(({ name }) => name === SUM_LIST_NAME))
    throw new AuthorError('NAME_TAKEN', `“${SUM_LIST_NAME}” already exists. Leave it out, or make no list of sums.`)
  const files = [...walk(root)]
    .filter(({ node }) => node.content !== null)
    .map(({ node, path }) => ({ line: lineOf(path), content: node.content }))
    .sort((a, b) => (a.line.name < b.line.name ? -1 : 1))
  const byteLength = files.reduce(
    (sum, { line }) => sum + line.escape.length + HEX_LENGTH + 2 + Buffer.byteLength(line.name) + 1,
    0,
  )
  const content: AuthorContent = {
    byteLength,
    origin: SUM_LIST_NAME,
    open: () => {
      throw new AuthorError('BAD_REQUEST', `“${SUM_LIST_NAME}” is made while the image is written.`)
    },
  }
  root.children.push(makeNode({ name: SUM_LIST_NAME, kind: 'file', modified: root.modified, content }))
  return {
    content,
    write: (sums) =>
      Buffer.from(
        files
          .map(({ line, content: file }) =>
            file === null ? '' : `${line.escape}${sums.sha256Of(file)}  ${line.name}\n`,
          )
          .join(''),
        'utf8',
      ),
  }
}

/** A line break or a backslash in a name is escaped, and the line says so with a backslash of its own. */
function lineOf(path: string): { escape: string; name: string } {
  const name = path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
  return { escape: name === path ? '' : '\\', name }
}
