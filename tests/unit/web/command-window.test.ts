import { afterEach, describe, expect, it, vi } from 'vitest'
import { CommandWindow } from '../../../src-main/web/command-window'

const READ = { byteOffset: 0, byteLength: 1 << 20 }
const command = (id: number, name = 'entry.read', input: unknown = READ): unknown => ({
  type: 'command',
  id,
  name,
  input,
})
const result = (id: number): unknown => ({ type: 'result', id, result: { ok: true, value: null } })

interface Passed {
  type: string
  id: number
}

function setUp() {
  const passed: Passed[] = []
  const answered: Passed[] = []
  const state = { unsent: 0, isRead: true, isRefused: false }
  const commands = new CommandWindow({
    pass: (message) => passed.push(message as Passed),
    answer: (message) => answered.push(message as Passed),
    pause: () => (state.isRead = false),
    resume: () => (state.isRead = true),
    refuse: () => (state.isRefused = true),
    unsent: () => state.unsent,
  })
  const answer = (id: number): void => {
    commands.receive(result(id))
    commands.pump()
  }
  return { commands, passed, answered, state, answer }
}

afterEach(() => {
  vi.useRealTimers()
})

describe('the commands of one connection', () => {
  it('are handed on as far as their answers are little, all of them in the end, and in their order', () => {
    const { commands, passed, state, answer } = setUp()
    for (let id = 0; id < 12_000; id++) commands.take(command(id), 100)
    expect(passed.length).toBeLessThan(33)
    expect(state.isRead).toBe(false)
    for (let id = 0; id < 12_000; id++) {
      answer(id)
      expect(passed.length).toBeLessThan(id + 34)
    }
    expect(passed.map(({ id }) => id)).toEqual(Array.from({ length: 12_000 }, (_, id) => id))
    expect(state).toMatchObject({ isRead: true, isRefused: false })
  })

  it('of an ordinary window go at once', () => {
    const { commands, passed } = setUp()
    for (let id = 0; id < 100; id++) commands.take(command(id, 'rows.window', {}), 100)
    expect(passed.length).toBe(100)
  })

  it('wait while the page takes nothing', () => {
    const { commands, passed, state } = setUp()
    state.unsent = 20 << 20
    commands.take(command(1), 100)
    expect(passed).toEqual([])
    state.unsent = 0
    commands.pump()
    expect(passed.map(({ id }) => id)).toEqual([1])
  })

  it('end while they wait, and while they run', () => {
    const { commands, passed, answered } = setUp()
    for (let id = 0; id < 200; id++) commands.take(command(id), 100)
    commands.take({ type: 'cancel', id: 150 }, 20)
    expect(answered).toEqual([
      { type: 'result', id: 150, result: { ok: false, error: { code: 'CANCELLED', message: 'Cancelled.' } } },
    ])
    commands.take({ type: 'cancel', id: 0 }, 20)
    expect(passed.at(-1)).toEqual({ type: 'cancel', id: 0 })
  })

  it('of one number are counted each', () => {
    const { commands, passed } = setUp()
    for (let i = 0; i < 500; i++) commands.take(command(7), 100)
    expect(passed.length).toBeLessThan(33)
  })

  it('never hold up what others wait for, and are read a little further after a while', () => {
    vi.useFakeTimers()
    const { commands, passed, state } = setUp()
    for (let id = 0; id < 2000; id++) commands.take(command(id), 100)
    expect(state.isRead).toBe(false)
    vi.advanceTimersByTime(1100)
    expect(state.isRead).toBe(true)
    commands.take(command(5000, 'upload.slice', {}), 100)
    expect(passed.at(-1)).toMatchObject({ id: 5000 })
    for (let id = 0; id < 200; id++) commands.take(command(6000 + id), 100)
    expect(state.isRead).toBe(false)
    commands.close()
  })

  it('are forgotten with an engine that is gone', () => {
    const { commands, passed } = setUp()
    for (let id = 0; id < 100; id++) commands.take(command(id), 100)
    const before = passed.length
    commands.receive({ type: 'event', name: 'engine.restarted', payload: {} })
    commands.pump()
    expect(passed.length).toBe(2 * before)
  })

  it('that are too much to keep end the connection', () => {
    const { commands, state } = setUp()
    for (let id = 0; id < 40; id++) commands.take(command(id), 10 << 20)
    expect(state.isRefused).toBe(true)
  })
})
