import { expect, it, vi } from 'vitest'
import { IsoldeError, type ErrorCode } from '../../../src-shared/contract'
import { en } from '../../../src-renderer/base/locales/en'

const told = vi.hoisted(() => ({ errors: [] as unknown[], call: vi.fn() }))
const folder = (path: string) => ({
  address: { kind: 'folder', path },
  listing: { selection: { keys: { paths: new Set(['/somewhere/a']) } }, row: () => null, state: { cursor: 0 } },
})
const panes = vi.hoisted(() => ({ activeTab: {}, otherTab: {} }))

vi.mock('../../../src-renderer/data/api', () => ({
  desktop: null,
  call: told.call,
  onNewEngine: () => undefined,
  on: vi.fn(),
  host: 'web',
}))
vi.mock('../../../src-renderer/data/stores/panes', () => ({ usePanes: () => panes }))
vi.mock('../../../src-renderer/data/stores/settings', () => ({
  useSettings: () => ({ current: { conflictPolicy: 'overwrite' } }),
}))
vi.mock('../../../src-renderer/data/errors', () => ({
  report: (error: unknown) => told.errors.push(error),
  worded: (code: ErrorCode, message: string) => new IsoldeError(code, message),
  reportErrors: (work: () => Promise<void>) => work().catch((error: unknown) => told.errors.push(error)),
}))

it('F6 between two panes of one folder says so and moves nothing', async () => {
  const { moveBetweenFolders } = await import('../../../src-renderer/commands/transfer')
  Object.assign(panes, { activeTab: folder('/somewhere'), otherTab: folder('/somewhere') })
  await moveBetweenFolders()
  expect(told.call).not.toHaveBeenCalled()
  expect(told.errors).toMatchObject([{ code: 'BAD_REQUEST', message: en.error.sameFolder }])
  panes.otherTab = folder('/elsewhere')
  await moveBetweenFolders()
  expect(told.call).toHaveBeenCalledOnce()
})
