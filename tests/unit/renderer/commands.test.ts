import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createCommands } from '../../../src-renderer/commands/catalogue'
import { usePanes } from '../../../src-renderer/data/stores/panes'
import { useProjects } from '../../../src-renderer/data/stores/projects'
import type { ProjectSnapshot } from '../../../src-shared/contract'
import { en } from '../../../src-renderer/base/locales/en'

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
  return { useSettings: () => ({ current: settingsShape.parse({}) }) }
})

function snapshotWith(entries: number): ProjectSnapshot {
  return {
    ...{ project: 'p', name: 'disc', base: null, label: null, preset: 'data', keepsSums: false, more: {} },
    ...{ version: 1, undo: 0, redo: 0, contentBytes: 0, entries, files: 0, changedAt: 0 },
    ...{ problems: [], changes: [], meant: [] },
  }
}

beforeEach(() => {
  setActivePinia(createPinia())
})

/** What nobody wonders about: there is no way back or forward, or nothing to let go of. */
const SILENT = ['back', 'forward', 'selectNone']

describe('commands', () => {
  it('have keys that no other command has', () => {
    const seen = new Map<string, string>()
    const doubled: string[] = []
    // Those that share theirs give way to whichever can be run.
    for (const { id, keys } of createCommands().filter(({ sharesKeys }) => sharesKeys !== true))
      for (const key of keys) {
        const before = seen.get(key)
        if (before !== undefined) doubled.push(`${key}: ${before}, ${id}`)
        seen.set(key, id)
      }
    expect(doubled).toEqual([])
    expect(seen.size).toBeGreaterThan(40)
  })

  it('have names of their own, and are all reachable by a key', () => {
    const ids = createCommands().map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => !(id in en.command))).toEqual([])
    expect(
      createCommands()
        .filter(({ keys }) => keys.length === 0)
        .map(({ id }) => id),
    ).toEqual([])
  })

  it.each([
    ['empty', 0],
    ['with rows', 3],
  ])('all work in a project that is %s, or say why not', (_, total) => {
    const panes = usePanes()
    const tab = panes.activeTab
    tab.address = { kind: 'project', project: 'p', path: '' }
    tab.listing.state.total = total
    tab.listing.state.status = 'ready'
    useProjects().take(snapshotWith(total))
    const silent = createCommands().filter(
      (one) => one.isEnabled?.() === false && (one.whyNot?.() ?? '') === '' && !SILENT.includes(one.id),
    )
    // In a project Ctrl+Z is never about an extraction.
    expect(silent.map(({ id }) => id)).toEqual([])
    const undo = createCommands().find(({ id }) => id === 'projectUndo')
    expect(undo?.whyNot?.()).toContain('disc image')
  })
})
