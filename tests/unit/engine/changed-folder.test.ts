import os from 'node:os'
import { expect, it, vi } from 'vitest'
import type { FolderItem } from '../../../src-main/files/listing'

/** What the disk says, one answer after the other, each when it is let go. */
const readings: ((names: string[]) => void)[] = []

vi.mock('../../../src-main/files/listing', () => ({
  listFolder: () =>
    new Promise<Partial<FolderItem>[]>((resolve) => {
      readings.push((names) => resolve(names.map((name) => ({ name, kind: 'file', byteLength: 1, hidden: false }))))
    }),
}))

const { FolderRows } = await import('../../../src-main/engine/library/folder-rows')

const request = {
  path: os.tmpdir(),
  sort: { column: 'name' as const, descending: false, foldersFirst: true },
  filter: '',
  mask: '',
  isDeep: false,
  notBefore: 0,
  showHidden: false,
  offset: 0,
  limit: 10,
}

it('does not serve again what was read before something changed', async () => {
  const folders = new FolderRows(() => 0)
  const before = folders.rows(request)
  folders.forget(request.path)
  readings[0]?.(['old'])
  await before
  const after = folders.rows(request)
  await vi.waitFor(() => expect(readings).toHaveLength(2))
  readings[1]?.(['new', 'old'])
  expect((await after).rows.map(({ name }) => name)).toEqual(['new', 'old'])
  // What was read since is.
  expect((await folders.rows(request)).total).toBe(2)
  expect(readings).toHaveLength(2)
})
