import { onTestFinished } from 'vitest'
import { planImage, PRESETS, type AuthorOptions, type Plan } from '../../../src-main/author'
import { makeNode, type AuthorContent, type AuthorNode } from '../../../src-main/author/author-tree'
import { bytesContent } from '../../../src-main/author/layout'
import { openImage, type DiscImage } from '../../../src-main/image'

/** What a tree is made of: folders, texts, and nodes that are made elsewhere. */
export type Sketch = { [name: string]: Sketch | string | AuthorNode }

export function tree(sketch: Sketch, name = ''): AuthorNode {
  const children = Object.entries(sketch).map(([child, what]) => {
    if (typeof what === 'string')
      return makeNode({ name: child, kind: 'file', content: bytesContent(Buffer.from(what), child), modified: 1e12 })
    return isNode(what) ? { ...what, name: child } : tree(what, child)
  })
  return makeNode({ name, kind: 'directory', children, modified: 1e12 })
}

function isNode(what: Sketch | AuthorNode): what is AuthorNode {
  return 'kind' in what && typeof what.kind === 'string' && 'links' in what
}

export function fileOf(content: AuthorContent): AuthorNode {
  return makeNode({ name: '', kind: 'file', content, modified: 1e12 })
}

export function plan(root: AuthorNode, options: Partial<AuthorOptions> = {}): Promise<Plan> {
  return planImage(root, { ...PRESETS.data, label: 'UNIT', date: 1e12, ...options })
}

/** Opens an image that has not been written. */
export async function openPlan({ layout }: Plan): Promise<DiscImage> {
  const image = await openImage(layout, { name: 'planned.iso' })
  onTestFinished(async () => {
    await image.close()
    await layout.close()
  })
  return image
}

/** Every path of a view with its kind and what the file holds. */
export async function contentsOf(image: DiscImage, view: string): Promise<Record<string, string>> {
  const table = await image.view(view).readTree()
  const found: Record<string, string> = {}
  for (let index = 1; index < table.length; index++) {
    const content = table.content(index)
    const text = content === null ? '' : Buffer.from(await content.read(0, table.byteLengthOf(index))).toString('utf8')
    await content?.close()
    found[table.pathOf(index)] = table.kindOf(index) === 'file' ? text : table.kindOf(index)
  }
  return found
}
