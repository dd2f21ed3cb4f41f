import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { walk, type AuthorContent, type LinkGroup } from '../../../src-main/author/author-tree'
import { readImageTree } from '../../../src-main/author/edit/image-tree'
import type { DiscImage, EntryTable } from '../../../src-main/image'
import { openBytes } from '../../images/open-bytes'

/** Names of one file have one content, however its bytes are packed: written twice, it would be two files in one tree. */
const SAMPLE = readFileSync(join(import.meta.dirname, '../../images/erofs/clusters.erofs.zst'))

/** The same image, whose packed files have no place of their own: they share blocks with others. */
async function withoutPlaces(image: DiscImage): Promise<DiscImage> {
  const table = await image.view('erofs').readTree()
  const shared = Object.create(table, {
    discPositionOf: { value: () => Infinity },
    packedRunOf: { value: () => null },
  }) as EntryTable
  const view = Object.create(image.view('erofs'), { readTree: { value: () => Promise.resolve(shared) } }) as object
  return Object.create(image, { view: { value: () => view } }) as DiscImage
}

test.each([
  ['with places', (image: DiscImage) => Promise.resolve(image)],
  ['without', withoutPlaces],
])('files that are packed, %s', async (_what, change) => {
  const image = await openBytes(zstdDecompressSync(SAMPLE), { name: 'a.erofs' })
  const { root } = await readImageTree(await change(image), 'erofs')
  const contents = new Map<LinkGroup, { names: number; contents: Set<AuthorContent | null> }>()
  for (const { node } of walk(root)) {
    if (node.kind !== 'file') continue
    const known = contents.get(node.links) ?? { names: 0, contents: new Set() }
    known.names++
    known.contents.add(node.content)
    contents.set(node.links, known)
  }
  const linked = [...contents.values()].filter(({ names }) => names > 1)
  expect(linked.length).toBeGreaterThan(0)
  expect(linked.map((each) => each.contents.size)).toEqual(linked.map(() => 1))
  await image.close()
})
