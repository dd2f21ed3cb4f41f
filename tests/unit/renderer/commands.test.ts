import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createCommands } from '../../../src-renderer/commands/catalogue'
import { en } from '../../../src-renderer/base/locales/en'

vi.mock('../../../src-renderer/data/api', () => ({
  desktop: null,
  call: vi.fn(),
  on: vi.fn(),
  host: 'web',
  isConnected: true,
}))

vi.mock('../../../src-renderer/data/stores/settings', async () => {
  const { settingsShape } = await import('../../../src-shared/contract')
  return { useSettings: () => ({ current: settingsShape.parse({}) }) }
})

beforeEach(() => {
  setActivePinia(createPinia())
})

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
})
