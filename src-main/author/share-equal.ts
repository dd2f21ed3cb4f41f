import { createHash } from 'node:crypto'
import type { ByteSource } from '../image'
import { walk, type AuthorContent, type AuthorNode } from './author-tree'

/**
 * Lets equal files share one content: by length first, then by SHA-256.
 * @param apart contents that are shared with no others: those that are changed while they are written
 */
export async function shareEqual(root: AuthorNode, apart: ReadonlySet<AuthorContent>): Promise<void> {
  const byLength = new Map<number, AuthorNode[]>()
  for (const { node } of walk(root)) {
    const { content } = node
    if (content === null || content.byteLength === 0 || content.late !== undefined || apart.has(content)) continue
    const same = byLength.get(content.byteLength)
    if (same === undefined) byLength.set(content.byteLength, [node])
    else same.push(node)
  }
  for (const nodes of byLength.values()) {
    if (new Set(nodes.map(({ content }) => content)).size < 2) continue
    const byKey = new Map<string, AuthorContent>()
    const keys = new Map<AuthorContent, string>()
    for (const node of nodes) {
      if (node.content === null) continue
      let key = keys.get(node.content)
      if (key === undefined) keys.set(node.content, (key = await sha256Of(node.content)))
      const first = byKey.get(key)
      if (first === undefined) byKey.set(key, node.content)
      else node.content = first
    }
  }
}

const HASH_CHUNK = 1 << 20

async function sha256Of(content: AuthorContent): Promise<string> {
  const source: ByteSource = content.open()
  const hash = createHash('sha256')
  try {
    for (let at = 0; at < content.byteLength; at += HASH_CHUNK) hash.update(await source.read(at, HASH_CHUNK))
    return hash.digest('hex')
  } finally {
    await source.close()
  }
}
