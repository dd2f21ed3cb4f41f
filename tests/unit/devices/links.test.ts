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

  it('is followed through links at its end and on the way', () => {
    const root = folder('', folder('rel', file('x')), link('v1', 'rel'), link('current', 'v1'), link('l', 'current/x'))
    expect(copied(root)).toEqual({
      tree: {
        ...{ rel: '/', 'rel/x': 'x', v1: '/', 'v1/x': 'x' },
        ...{ current: '/', 'current/x': 'x', l: 'x' },
      },
      leftOut: [],
    })
    const inner = link('deep', '../current/../v1/x')
    expect(
      copied(folder('', folder('rel', file('x'), inner), link('v1', 'rel'), link('current', 'v1'))).leftOut,
    ).toEqual([])
  })

  it.each([
    ['from its end', true],
    ['from its beginning', false],
  ])('goes through 40 others, and no more (%s)', (_, isReverse) => {
    const links = Array.from({ length: 60 }, (_, i) => link(`l${i + 1}`, i === 0 ? 'x' : `l${i}`))
    if (isReverse) links.reverse()
    const { tree, leftOut } = copied(folder('', file('x'), ...links))
    expect([tree.l40, tree.l41]).toEqual(['x', undefined])
    expect(leftOut.toSorted()).toEqual(Array.from({ length: 20 }, (_, i) => `l${i + 41}`))
  })

  it('is left out where it makes links of links of links, at once', { timeout: 2000 }, () => {
    const bomb = (n: number): AuthorNode =>
      link(
        `l${n}`,
        n === 0
          ? 'd'
          : `${Array<string>(12)
              .fill(`l${n - 1}/..`)
              .join('/')}/d`,
      )
    const root = folder('', folder('d', file('x')), ...Array.from({ length: 9 }, (_, n) => bomb(8 - n)))
    expect(copyLinks(root).map(({ message }) => message)).toEqual(
      [8, 7, 6, 5, 4, 3, 2].map(
        (n) => expect.stringMatching(`“l${n}” is left out: .* which more than 40 links lead to`) as unknown,
      ),
    )
  })

  it('is left out as fast where thousands lead to one large folder', { timeout: 2000 }, () => {
    const files = Array.from({ length: 20_000 }, (_, i) => file(`f${i}`))
    const links = files.map((_, i) => link(`l${i}`, i % 2 === 0 ? 'd' : `d/f${i}`))
    const { leftOut } = copied(folder('', folder('d', ...files), ...links), { byteLength: 1e9, entryCount: 15_000 })
    expect(leftOut).toHaveLength(10_000)
  })

  it('is not copied deeper and deeper', { timeout: 2000 }, () => {
    const folders = Array.from({ length: 20_000 }, (_, i) => folder(`d${i}`, link('next', `../d${i + 1}`)))
    const { leftOut } = copied(folder('', ...folders))
    expect(leftOut[0]).toBe(`d0${'/next'.repeat(100)}`)
  })

  it('is told of, and so are devices', () => {
    const device = makeNode({ name: 'null', kind: 'device' })
    expect(copyLinks(folder('', device, link('l', 'x')))).toEqual([
      { path: 'null', message: '“null” is left out: it is a device, which FAT cannot hold.' },
      { path: 'l', message: '“l” is left out: it is a link to x, which is not in the image.' },
    ])
  })
})
