import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it, vi } from 'vitest'

const reveal = vi.hoisted(() => vi.fn<(path: string) => Promise<void>>())

vi.mock('../../../src-renderer/data/api', () => ({
  desktop: { reveal },
  call: vi.fn(),
  onNewEngine: () => undefined,
  on: vi.fn(),
  host: 'desktop',
  isConnected: true,
}))

vi.mock('../../../src-renderer/data/stores/settings', async () => {
  const { settingsShape } = await import('../../../src-shared/contract')
  return { useSettings: () => ({ current: settingsShape.parse({}), remember: vi.fn() }) }
})

beforeEach(() => {
  setActivePinia(createPinia())
  reveal.mockClear()
})

it('a desktop shows an image, or what the cursor is on, in its own file manager', async () => {
  const { createCommands } = await import('../../../src-renderer/commands/catalogue')
  const { usePanes } = await import('../../../src-renderer/data/stores/panes')
  const one = createCommands().find(({ id }) => id === 'reveal')
  const panes = usePanes()
  expect(one?.isEnabled?.()).toBe(false)
  panes.activeTab.address = { kind: 'folder', path: '/home/ada' }
  expect(one?.isEnabled?.()).toBe(true)
  await one?.run()
  expect(reveal).toHaveBeenLastCalledWith('/home/ada')
  const location = { kind: 'path' as const, path: '/home/ada/disc.iso', inside: [] }
  panes.activeTab.address = { kind: 'image', location, view: null, path: 'docs' }
  await one?.run()
  expect(reveal).toHaveBeenLastCalledWith('/home/ada/disc.iso')
})
