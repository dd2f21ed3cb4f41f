import { sumLine } from '../../../src-shared/model'
import { AuthorError } from '../author-error'
import { makeNode, type AuthorContent, type AuthorNode, type ContentSums, type LateContent } from '../author-tree'

const SUM_LIST_NAME = 'SHA256SUMS'
const NO_SUM = '0'.repeat(64)

/**
 * Adds a list of every file's SHA-256 sum to the root, as `sha256sum -c` reads it: names by their bytes. Its length is
 * known before the sums.
 * @throws {AuthorError} `NAME_TAKEN` where the root has such a file
 */
export function addSumList(root: AuthorNode): void {
  if (root.children.some(({ name }) => name === SUM_LIST_NAME))
    throw new AuthorError('NAME_TAKEN', `“${SUM_LIST_NAME}” already exists. Leave it out, or make no list of sums.`)
  const files = [...filesBelow(root, '')].sort((a, b) => (a.path < b.path ? -1 : 1))
  const write = (sumOf: (content: AuthorContent) => string): Buffer =>
    Buffer.from(files.map(({ path, content }) => `${sumLine(sumOf(content), path)}\n`).join(''), 'latin1')
  const content = lateContent(SUM_LIST_NAME, write(() => NO_SUM).byteLength, {
    algorithms: new Set(['sha256']),
    make: (sums: ContentSums) => write((file) => sums.sumOf(file, 'sha256')),
  })
  root.children.push(makeNode({ name: SUM_LIST_NAME, kind: 'file', modified: root.modified, content }))
}

export function lateContent(origin: string, byteLength: number, late: LateContent): AuthorContent {
  return {
    byteLength,
    origin,
    late,
    open: () => {
      throw new AuthorError('BAD_REQUEST', `“${origin}” is made while the image is written.`)
    },
  }
}

/** With their paths, a character for each byte. */
function* filesBelow(folder: AuthorNode, path: string): Generator<{ path: string; content: AuthorContent }> {
  for (const child of folder.children) {
    const own = path + byteText(child)
    if (child.content !== null) yield { path: own, content: child.content }
    yield* filesBelow(child, `${own}/`)
  }
}

/** A name's bytes, as a character for each. */
export function byteText({ name, nameBytes }: AuthorNode): string {
  return Buffer.from(nameBytes ?? Buffer.from(name, 'utf8')).toString('latin1')
}
