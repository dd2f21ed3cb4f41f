import { describe, expect, it, vi } from 'vitest'
import {
  emptyProject,
  makeFolder,
  makeNode,
  markOf,
  moveInto,
  ofAuthor,
  planImage,
  PRESETS,
  projectNodeAt,
  putInto,
  remove,
  rename,
  type AuthorNode,
} from '../../../src-main/author'
import { toAuthor } from '../../../src-main/author/edit/project-tree'

const file = (name: string): AuthorNode => makeNode({ name, kind: 'file' })
const folder = (name: string, ...children: AuthorNode[]): AuthorNode => makeNode({ name, kind: 'directory', children })
const base = () => ofAuthor(folder('', folder('a', file('1'), file('2')), file('b')), false)
const namesIn = (root: ReturnType<typeof base>, path = ''): string[] => [
  ...(projectNodeAt(root, path)?.children?.keys() ?? []),
]

describe('the tree of a project', () => {
  it('is never changed: every state stays as it was, and shares what is the same', () => {
    const first = base()
    const second = remove(first, ['b'])
    const third = putInto(second, 'a', [file('3')]).root
    expect([namesIn(first), namesIn(second), namesIn(third, 'a')]).toEqual([['a', 'b'], ['a'], ['1', '2', '3']])
    expect(namesIn(second, 'a')).toEqual(['1', '2'])
    expect(projectNodeAt(third, 'a/1')).toBe(projectNodeAt(first, 'a/1'))
    expect(projectNodeAt(third, 'a')?.key).toBe(projectNodeAt(first, 'a')?.key)
    expect([first.entries, second.entries, third.entries]).toEqual([5, 4, 5])
  })

  it('marks what is new, changed and moved, and nothing that is back where it was', () => {
    const moved = rename(base(), 'b', 'a/b')
    const mark = (root: typeof moved, path: string) => {
      const node = projectNodeAt(root, path)
      return node === null ? 'gone' : markOf(node)
    }
    expect([mark(moved, 'a/b'), mark(moved, 'a'), mark(moved, 'b')]).toEqual(['moved', 'changed', 'gone'])
    expect(mark(rename(moved, 'a/b', 'b'), 'b')).toBeNull()
    const replaced = putInto(moved, 'a', [file('1')])
    expect([replaced.replaced, mark(replaced.root, 'a/1')]).toEqual([1, 'changed'])
    const made = makeFolder(replaced.root, 'a/new', 0)
    expect(mark(rename(made, 'a/new', 'new'), 'new')).toBe('new')
  })

  it('refuses names that are taken, that lead elsewhere, and what would lie in itself', () => {
    const root = base()
    const refused = (work: () => unknown, code: string): void => {
      expect(work).toThrow(expect.objectContaining({ code }))
    }
    refused(() => makeFolder(root, 'a', 0), 'NAME_TAKEN')
    refused(() => makeFolder(root, '../a', 0), 'BAD_REQUEST')
    refused(() => makeFolder(root, 'b/c', 0), 'NAME_TAKEN')
    refused(() => rename(root, 'a', 'a/c'), 'BAD_REQUEST')
    refused(() => rename(root, 'b', 'a/1'), 'NAME_TAKEN')
    refused(() => remove(root, ['c']), 'NO_SUCH_FILE')
    refused(() => putInto(root, '', [file('a')]), 'NAME_TAKEN')
  })

  it('stays as it is when it is planned, and is planned alike every time', async () => {
    const { root } = putInto(emptyProject(0), '', [folder('z', file('Long name: 1')), file('y')])
    const first = await planImage(toAuthor(root).root, { ...PRESETS.data, date: 0 })
    const second = await planImage(toAuthor(root).root, { ...PRESETS.data, date: 0 })
    expect(second.layout.byteLength).toBe(first.layout.byteLength)
    expect(second.changes).toEqual(first.changes)
    expect(namesIn(root)).toEqual(['z', 'y'])
  })

  it('takes 100 000 files, and a step among them, without a walk through all of it', () => {
    const nodes = Array.from({ length: 100 }, (_, i) =>
      folder(`${i}`, ...Array.from({ length: 1000 }, (_each, j) => file(`${j}`))),
    )
    const { root } = putInto(emptyProject(0), '', nodes)
    const after = rename(root, '50/500', '50/other')
    expect(after.entries).toBe(100_101)
    // All folders but the one are the very same.
    const shared = namesIn(after).filter((name) => projectNodeAt(after, name) === projectNodeAt(root, name))
    expect(shared).toHaveLength(99)
  })

  it('moves and takes out many things at once, each folder once: not their number times their number', () => {
    const names = Array.from({ length: 2000 }, (_, index) => `file ${index}`)
    const root = ofAuthor(folder('', folder('from', ...names.map(file)), folder('to')), false)
    // A folder that is made anew is a map that is filled anew.
    const filled = vi.spyOn(Map.prototype, 'set')
    const paths = (at: string): string[] => names.map((name) => `${at}/${name}`)
    const moved = moveInto(root, paths('from'), 'to')
    const none = remove(moved, paths('to'))
    const count = filled.mock.calls.length
    filled.mockRestore()
    expect([namesIn(moved, 'from').length, namesIn(moved, 'to').length, namesIn(none, 'to').length]).toEqual([
      0, 2000, 0,
    ])
    expect(count).toBeGreaterThan(2000)
    expect(count).toBeLessThan(10 * 2000)
  })
})
