import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { changeTree, collect, type Change } from '../../../src-main/author'
import { makeNode, walk, type AuthorNode } from '../../../src-main/author/author-tree'
import { temporaryFolder } from '../support'
import { tree } from './support'

afterEach(() => {
  vi.restoreAllMocks()
})

function pathsOf(root: AuthorNode): string[] {
  return [...walk(root)].map(({ path: each }) => each).toSorted()
}

describe('places in an image', () => {
  const outside = ['../x', '..', 'a/../../x', 'a/..', '', '/', './']
  it.each(outside)('are never outside of it: “%s”', (to) => {
    const root = tree({ a: 'a' })
    expect(() => changeTree(root, [{ op: 'rename', path: 'a', to }])).toThrow('is no place in an image')
    expect(pathsOf(root)).toEqual(['a'])
    const file = path.join(temporaryFolder(), 'x')
    fs.writeFileSync(file, 'x')
    expect(() => collect([{ path: file, at: to }])).toThrow(/is no place in an image|needs a name/)
  })

  it('are made with the folders on the way, and not within files', () => {
    const root = tree({ a: 'a', b: 'b' })
    changeTree(root, [{ op: 'rename', path: 'a', to: './deep//er/c' }])
    expect(pathsOf(root)).toEqual(['b', 'deep', 'deep/er', 'deep/er/c'])
    expect(() => changeTree(root, [{ op: 'rename', path: 'deep/er/c', to: 'b/c' }])).toThrow('would lie in a file')
  })
})

it('changes see what those before them did', () => {
  const root = tree({ a: 'a', folder: { b: 'b' } })
  changeTree(root, [
    { op: 'rename', path: 'a', to: 'folder/c' },
    { op: 'delete', path: 'folder/b' },
    { op: 'rename', path: 'folder', to: 'moved' },
    { op: 'rename', path: 'moved/c', to: 'a' },
  ])
  expect(pathsOf(root)).toEqual(['a', 'moved'])
})

it('a folder of many files is looked through once, however many of them are changed', () => {
  let looks = 0
  const count = 3000
  const children = Array.from({ length: count }, (_, i) => {
    const node = makeNode({ name: `f${i}`, kind: 'file' })
    let { name } = node
    return Object.defineProperty(node, 'name', {
      get: () => (looks++, name),
      set: (other: string) => {
        name = other
      },
    })
  })
  const root = makeNode({ name: '', kind: 'directory', children })
  const changes = children.map((_, i): Change => ({ op: 'delete', path: `f${i}` }))
  changeTree(root, [...changes.slice(1), { op: 'rename', path: 'f0', to: 'last' }])
  expect(pathsOf(root)).toEqual(['last'])
  expect(looks).toBeLessThan(20 * count)
})

it('files are known by all 64 bits of their numbers', () => {
  const folder = temporaryFolder()
  const numbers = new Map(['a', 'b', 'c'].map((name, i) => [path.join(folder, name), 2n ** 53n + BigInt(i >> 1)]))
  for (const [file] of numbers) fs.writeFileSync(file, path.basename(file))
  const { lstatSync } = fs
  vi.spyOn(fs, 'lstatSync').mockImplementation(((file: string, options?: { bigint?: boolean }) => {
    const stat = lstatSync(file, options)
    const ino = numbers.get(file)
    if (ino === undefined || stat === undefined) return stat
    return Object.assign(stat, options?.bigint === true ? { ino, nlink: 2n } : { ino: Number(ino), nlink: 2 })
  }) as typeof fs.lstatSync)
  const { root } = collect([{ path: folder, at: '' }])
  const [a, b, c] = root.children.toSorted((x, y) => (x.name < y.name ? -1 : 1))
  // The first two are names of one file, and the third is the next file.
  expect(a?.content).toBe(b?.content)
  expect(c?.content).not.toBe(a?.content)
})
