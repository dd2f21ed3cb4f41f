import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it, vi } from 'vitest'
import { createCommands } from '../../../src-renderer/commands/catalogue'
import { COLUMNS, hasColumn, SORT_COLUMNS } from '../../../src-renderer/data/rows/columns'
import type { PaneRow } from '../../../src-renderer/data/rows/row-source'
import { createTab } from '../../../src-renderer/data/stores/tabs'
import { en } from '../../../src-renderer/base/locales/en'
import { COLUMN_IDS } from '../../../src-shared/model'

vi.mock('../../../src-renderer/data/api', () => ({
  desktop: null,
  call: vi.fn(),
  onNewEngine: () => undefined,
  on: vi.fn(),
  host: 'web',
  isConnected: true,
}))

vi.mock('../../../src-renderer/data/stores/settings', async () => {
  const { settingsShape } = await import('../../../src-shared/contract')
  return { useSettings: () => ({ current: settingsShape.parse({}), units: 'decimal' }) }
})

const file: PaneRow = {
  ...{ key: 7, name: 'setup.exe', kind: 'file', byteLength: 1_500_000, modified: Date.UTC(2024, 4, 17, 10, 30) },
  ...{ mode: 0o100755, owner: '0:0', target: null, hidden: false, status: 'complete', looksLikeImage: false },
  ...{ childCount: null, hash: 'ab'.repeat(32), position: 49_152 },
}

function texts(row: PaneRow, isDamaged = false): Record<string, string> {
  const cell = { tab: createTab({ kind: 'start' }), isDamaged }
  return Object.fromEntries(SORT_COLUMNS.map(({ id, text }) => [id, text(row, cell)]))
}

beforeEach(() => {
  setActivePinia(createPinia())
})

it('are each defined once, with words and a command that sorts by them', () => {
  expect(SORT_COLUMNS.map(({ id }) => id).sort()).toEqual([...COLUMN_IDS].sort())
  expect(COLUMNS.map(({ id }) => id)).toEqual(SORT_COLUMNS.map(({ id }) => id).filter((id) => id !== 'name'))
  const commands = new Set(createCommands().map(({ id }) => id))
  for (const { id } of SORT_COLUMNS) {
    expect(en.column[id]).toMatch(/^[A-Z]/)
    expect(commands).toContain(`sort${id.charAt(0).toUpperCase()}${id.slice(1)}`)
  }
})

it('say what a file is', () => {
  expect(texts(file)).toMatchObject({
    ...{
      name: 'setup.exe',
      extension: 'exe',
      size: '1.5 MB',
      mode: 'rwxr-xr-x',
      owner: '0:0',
      status: en.status.complete,
    },
    ...{ hash: 'abababababababab', target: '', position: '49,152' },
  })
  expect(texts(file, true).status).toBe(en.status.damaged)
  expect(texts({ ...file, status: 'lost' }, true).status).toBe(en.status.lost)
})

it('say nothing of what is not recorded', () => {
  const bare = { ...file, modified: null, mode: null, owner: null, position: null, hash: null }
  expect(texts(bare)).toMatchObject({ modified: '–', mode: '–', owner: '–', position: '–', hash: '–' })
  const folder: PaneRow = { ...file, kind: 'directory', name: 'v1.2', childCount: 3 }
  expect(texts(folder)).toMatchObject({ extension: '', size: '3 items' })
})

it('are offered where rows have something to say in them', () => {
  const offered = (kind: 'folder' | 'image' | 'project' | 'search') =>
    COLUMNS.filter((column) => hasColumn(kind, column)).map(({ id }) => id)
  expect(offered('search')).toEqual(['extension', 'size', 'modified', 'kind'])
  expect(offered('folder')).toEqual([...offered('search'), 'mode', 'target'])
  expect(offered('project')).toEqual([...offered('search'), 'mode', 'owner', 'status', 'target'])
  expect(offered('image')).toHaveLength(COLUMNS.length)
})
