import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { hasUpdateFeed, keepUpdated, mayUpdate, type Updater } from '../../../src-main/desktop/updates'
import { temporaryFolder } from '../support'

const DAY = 24 * 60 * 60 * 1000

describe('whether to look for updates', () => {
  const all = { platform: 'win32', isPackaged: true, hasFeed: true, isWanted: true } as const
  it('takes a packaged copy with a feed, on a system that checks signatures, and the person’s leave', () => {
    expect(mayUpdate(all)).toBe(true)
    expect(mayUpdate({ ...all, platform: 'darwin' })).toBe(true)
    expect(mayUpdate({ ...all, platform: 'linux' })).toBe(false)
    expect(mayUpdate({ ...all, isPackaged: false })).toBe(false)
    expect(mayUpdate({ ...all, hasFeed: false })).toBe(false)
    expect(mayUpdate({ ...all, isWanted: false })).toBe(false)
  })

  it('knows a feed by the file that the packager writes', () => {
    const folder = temporaryFolder()
    expect(hasUpdateFeed(folder)).toBe(false)
    fs.writeFileSync(path.join(folder, 'app-update.yml'), '')
    expect(hasUpdateFeed(folder)).toBe(true)
  })
})

describe('looking for updates', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  function program(isAllowed: () => boolean) {
    const received = new Map<string, (value: never) => void>()
    const updater = {
      autoDownload: false,
      autoInstallOnAppQuit: false,
      allowDowngrade: true,
      on: (event: string, listener: (value: never) => void) => received.set(event, listener),
      checkForUpdates: vi.fn(() => Promise.resolve()),
    }
    const load = vi.fn(() => Promise.resolve(updater as unknown as Updater))
    const told: string[] = []
    const end = keepUpdated(
      load,
      () => Promise.resolve(isAllowed()),
      (version) => told.push(version),
    )
    return { updater, load, told, end, received }
  }

  it('begins a while after the start, goes on daily, and installs at quit', async () => {
    const { updater, load, told, end, received } = program(() => true)
    await vi.advanceTimersByTimeAsync(1000)
    expect(load).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(updater.checkForUpdates).toHaveBeenCalledTimes(1)
    expect(updater).toMatchObject({ autoDownload: true, autoInstallOnAppQuit: true, allowDowngrade: false })
    received.get('update-downloaded')?.({ version: '1.2.3' } as never)
    expect(told).toEqual(['1.2.3'])
    await vi.advanceTimersByTimeAsync(2 * DAY)
    expect(updater.checkForUpdates).toHaveBeenCalledTimes(3)
    end()
    await vi.advanceTimersByTimeAsync(2 * DAY)
    expect(updater.checkForUpdates).toHaveBeenCalledTimes(3)
  })

  it('stops when the switch is turned off, and never loads anything where it was off', async () => {
    let isAllowed = false
    const { updater, load } = program(() => isAllowed)
    await vi.advanceTimersByTimeAsync(DAY + 60_000)
    expect(load).not.toHaveBeenCalled()
    isAllowed = true
    await vi.advanceTimersByTimeAsync(DAY)
    expect(updater.autoInstallOnAppQuit).toBe(true)
    isAllowed = false
    await vi.advanceTimersByTimeAsync(DAY)
    expect(updater.autoInstallOnAppQuit).toBe(false)
    expect(updater.checkForUpdates).toHaveBeenCalledTimes(1)
  })

  it('bears a look that fails', async () => {
    const { updater } = program(() => true)
    updater.checkForUpdates.mockRejectedValueOnce(new Error('no network'))
    await vi.advanceTimersByTimeAsync(DAY + 60_000)
    expect(updater.checkForUpdates).toHaveBeenCalledTimes(2)
  })
})
