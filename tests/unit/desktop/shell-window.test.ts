import { EventEmitter } from 'node:events'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { LaunchRequest } from '../../../src-main/desktop/arguments'
import { addLaunch, changeItem } from '../../../src-main/desktop/shell-queue'
import { ShellWindow } from '../../../src-main/desktop/shell-window'

/** Electron's part, as far as the small window uses it. */
const made = vi.hoisted(() => ({ windows: [] as FakeWindow[], ports: [] as FakePort[] }))

class FakePort extends EventEmitter {
  sent: unknown[] = []
  isClosed = false
  start = (): void => undefined
  postMessage = (message: unknown): void => void this.sent.push(message)
  close = (): void => {
    this.isClosed = true
  }
}

class FakeWindow extends EventEmitter {
  isGone = false
  title = ''
  webContents = Object.assign(new EventEmitter(), {
    mainFrame: { url: 'app://verbs/index.html', parent: null },
    postMessage: vi.fn(),
  })
  setTitle = (title: string): void => {
    this.title = title
  }
  setProgressBar = (): void => undefined
  close = (): void => {
    const event = { preventDefault: vi.fn() }
    this.emit('close', event)
    if (event.preventDefault.mock.calls.length === 0) this.destroy()
  }
  destroy = (): void => {
    this.isGone = true
    this.emit('closed')
  }
}

vi.mock('electron', () => ({
  MessageChannelMain: class {
    port1 = new FakePort()
    port2 = new FakePort()
    constructor() {
      made.ports.push(this.port1)
    }
  },
}))
vi.mock('../../../src-main/desktop/window', () => ({
  createShellWindow: () => {
    const window = new FakeWindow()
    made.windows.push(window)
    return window
  },
}))

const launch = (action: LaunchRequest['action']): LaunchRequest => ({ action, images: ['/a.iso'], destination: null })
const working = changeItem(addLaunch([], launch('extract-here')), 1, { state: 'working', job: 'j' })
const done = changeItem(working, 1, { state: 'done' })
const failed = changeItem(working, 1, { state: 'failed', message: 'The disk is full.' })

function create(hasMainWindow = false) {
  const cancel = vi.fn()
  const gone = vi.fn()
  return { small: new ShellWindow(() => hasMainWindow, cancel, gone), cancel, gone }
}

beforeEach(() => {
  made.windows.length = 0
  made.ports.length = 0
  vi.useFakeTimers()
})

describe('ShellWindow', () => {
  it('tells its page through a port, from when it is loaded until it goes', () => {
    const { small } = create()
    small.show(working)
    const [window] = made.windows
    expect(made.ports).toHaveLength(0)
    window!.webContents.emit('did-finish-load')
    const [port] = made.ports
    expect(port!.sent).toMatchObject([{ title: 'Extracting', detail: 'a.iso' }])
    window!.webContents.emit('did-navigate')
    expect(port!.isClosed).toBe(true)
    window!.webContents.emit('did-finish-load')
    window!.webContents.emit('render-process-gone')
    expect(made.ports[1]!.isClosed).toBe(true)
  })

  it('hands no port to another page', () => {
    const { small } = create()
    small.show(working)
    made.windows[0]!.webContents.mainFrame.url = 'https://example.org/'
    made.windows[0]!.webContents.emit('did-finish-load')
    expect(made.ports).toHaveLength(0)
  })

  it('closes itself a moment after all is well, unless more comes', () => {
    const { small, gone } = create()
    small.show(working)
    small.show(done)
    vi.advanceTimersByTime(500)
    const more = addLaunch(done, { ...launch('extract-here'), images: ['/b.iso'] })
    small.show(more)
    vi.advanceTimersByTime(5000)
    expect(made.windows[0]!.isGone).toBe(false)
    small.show(changeItem(more, 2, { state: 'done' }))
    vi.advanceTimersByTime(1000)
    expect(made.windows[0]!.isGone).toBe(true)
    expect(gone).toHaveBeenCalledTimes(1)
    expect(made.windows).toHaveLength(1)
  })

  it('stays for an error until it is closed', () => {
    const { small, gone } = create()
    small.show(working)
    small.show(failed)
    vi.advanceTimersByTime(60_000)
    expect(made.windows[0]!).toMatchObject({ isGone: false, title: 'Finished, with problems' })
    made.windows[0]!.webContents.emit('did-finish-load')
    made.ports[0]!.emit('message', { data: { type: 'command', id: 1, name: 'close', input: {} } })
    expect(made.windows[0]!.isGone).toBe(true)
    expect(gone).toHaveBeenCalledTimes(1)
  })

  it('cancels when it is closed at work, and hears nothing that is not of the contract', () => {
    const { small, cancel } = create()
    small.show(working)
    made.windows[0]!.close()
    expect(made.windows[0]!.isGone).toBe(false)
    expect(cancel).toHaveBeenCalledTimes(1)
    made.windows[0]!.webContents.emit('did-finish-load')
    for (const data of [null, 'cancel', { type: 'cancel' }, { type: 'cancel', id: 'x' }])
      made.ports[0]!.emit('message', { data })
    expect(cancel).toHaveBeenCalledTimes(1)
    made.ports[0]!.emit('message', { data: { type: 'cancel', id: 0 } })
    expect(cancel).toHaveBeenCalledTimes(2)
  })

  it('is not there beside the main window, which shows jobs itself; what has ended is forgotten all the same', () => {
    const { small, gone } = create(true)
    small.show(working)
    small.show(failed)
    vi.advanceTimersByTime(1000)
    expect(made.windows).toHaveLength(0)
    expect(gone).toHaveBeenCalledTimes(1)
  })
})
