import { describe, expect, it } from 'vitest'
import { makeNode, walk, type AuthorNode } from '../../../src-main/author'
import { bytesContent } from '../../../src-main/author/layout'
import { copyLinks, type CopyLimits } from '../../../src-main/author/stick/links'

const file = (name: string, text = name): AuthorNode =>
  makeNode({ name, kind: 'file', content: bytesContent(Buffer.from(text), name) })
const folder = (name: string, ...children: AuthorNode[]): AuthorNode => makeNode({ name, kind: 'directory', children })
const link = (name: string, target: string): AuthorNode => makeNode({ name, kind: 'symlink', target })

/** Paths with the texts of files, and what was left out. */
function copied(root: AuthorNode, limits?: CopyLimits): { tree: Record<string, string>; leftOut: string[] } {
  const leftOut = copyLinks(root, limits).map(({ path }) => path)
  const tree: Record<string, string> = {}
  for (const { node, path } of walk(root)) {
    const { content } = node
    tree[path] = content === null ? '/' : Buffer.from(content.open().read(0, 100) as Uint8Array).toString()
  }
  return { tree, leftOut }
}

describe('a symbolic link on a stick', () => {
  it('is a copy of the file that it leads to', () => {
    const root = folder('', folder('EFI', file('real.efi')), link('l.efi', 'EFI/real.efi'), link('again', './l.efi'))
    expect(copied(root)).toEqual({
      tree: { EFI: '/', 'EFI/real.efi': 'real.efi', 'l.efi': 'real.efi', again: 'real.efi' },
      leftOut: [],
    })
    const [first, second] = [root.children[1], root.children[2]]
    expect(first?.content).not.toBe(second?.content)
  })

  it('is a copy of the folder, with what links in there lead to', () => {
    const bookworm = folder('bookworm', file('Release'), link('up', '../bookworm/Release'))
    expect(copied(folder('', folder('dists', bookworm, link('stable', 'bookworm'))))).toEqual({
      tree: {
        ...{ dists: '/', 'dists/bookworm': '/', 'dists/bookworm/Release': 'Release', 'dists/bookworm/up': 'Release' },
        ...{ 'dists/stable': '/', 'dists/stable/Release': 'Release', 'dists/stable/up': 'Release' },
      },
      leftOut: [],
    })
  })

  it.each<[string, AuthorNode]>([
    ['nowhere', link('l', 'nothing')],
    ['out of the image', link('l', '../../etc')],
    ['into a running system', link('l', '/etc/passwd')],
    ['to itself', link('l', 'l')],
    ['to the folder that it lies in', link('l', '.')],
    ['through a file', link('l', 'file/x')],
  ])('that leads %s is left out, and told', (_, node) => {
    expect(copied(folder('', file('file'), node))).toEqual({ tree: { file: 'file' }, leftOut: ['l'] })
  })

  it('does not go round in circles', () => {
    const root = folder('', folder('a', link('b', '../b')), folder('b', link('a', '../a')))
    const { tree, leftOut } = copied(root)
    expect(Object.keys(tree).sort()).toEqual(['a', 'a/b', 'b', 'b/a'])
    expect(leftOut).toEqual(['a/b/a', 'b/a/b'])
  })

  it('is not copied where that would fill the drive', () => {
    const limits = { byteLength: 10, entryCount: 3 }
    const root = folder('', file('eight', '12345678'), link('one', 'eight'), link('two', 'eight'))
    expect(copied(root, limits).leftOut).toEqual(['two'])
  })

  it('is told of, and so are devices', () => {
    const device = makeNode({ name: 'null', kind: 'device' })
    expect(copyLinks(folder('', device, link('l', 'x')))).toEqual([
      { path: 'null', message: '“null” is left out: it is a device, which FAT cannot hold.' },
      { path: 'l', message: '“l” is left out: it is a link to x, which is not in the image.' },
    ])
  })
})
