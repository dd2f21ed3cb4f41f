import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { collect } from '../../../src-main/author'
import { temporaryFolder } from '../support'

const isRoot = process.getuid?.() === 0

it('leaves out a source that is gone where that is wanted, names it, and takes the others', () => {
  const folder = temporaryFolder()
  fs.writeFileSync(path.join(folder, 'here'), 'here')
  const sources = ['gone', 'here'].map((name) => ({ path: path.join(folder, name), at: name }))
  const { root, leftOut } = collect(sources, { leavesOutMissing: true })
  expect(root.children.map(({ name }) => name)).toEqual(['here'])
  expect(leftOut).toMatchObject([{ path: 'gone', message: expect.stringContaining('doesn’t exist') as string }])
  expect(() => collect(sources)).toThrow('doesn’t exist')
})

it.skipIf(process.platform === 'win32')(
  'takes links that lead nowhere or in a circle as the links that they are',
  () => {
    const folder = temporaryFolder()
    const targets = { nowhere: 'not there', one: 'two', two: 'one' }
    for (const [name, target] of Object.entries(targets)) fs.symlinkSync(target, path.join(folder, name))
    const { root, leftOut } = collect(Object.keys(targets).map((name) => ({ path: path.join(folder, name), at: name })))
    expect(leftOut).toEqual([])
    expect(Object.fromEntries(root.children.map(({ name, target }) => [name, target]))).toEqual(targets)
  },
)

it.skipIf(isRoot || process.platform === 'win32')('leaves out what may not be read: it would be zeros', () => {
  const folder = temporaryFolder()
  fs.writeFileSync(path.join(folder, 'secret'), 'secret', { mode: 0 })
  const { root, leftOut } = collect([{ path: folder, at: '' }])
  expect(root.children).toEqual([])
  expect(leftOut).toMatchObject([{ path: 'secret' }])
})
