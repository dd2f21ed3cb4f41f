import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  Supervisor,
  type ChildMessage,
  type EngineChild,
  type EngineStopped,
  type HostMessage,
} from '../../../src-main/engine'
import { temporaryFolder } from '../support'

class FakeChild implements EngineChild {
  readonly received: HostMessage[] = []
  isHanging = false
  private message: (message: ChildMessage) => void = () => undefined
  private readonly exits: ((reason: string) => void)[] = []

  post(message: HostMessage): void {
    this.received.push(message)
    if (this.isHanging) return
    if (message.type === 'start') queueMicrotask(() => this.say({ type: 'ready' }))
    if (message.type === 'ping') queueMicrotask(() => this.say({ type: 'pong', isBusy: false }))
    if (message.type === 'shutdown') queueMicrotask(() => this.end('exit 0'))
  }
  onMessage(listener: (message: ChildMessage) => void): void {
    this.message = listener
  }
  onExit(listener: (reason: string) => void): void {
    this.exits.push(listener)
  }
  kill(): void {
    this.end('SIGKILL')
  }
  say(message: ChildMessage): void {
    this.message(message)
  }
  end(reason: string): void {
    for (const exit of this.exits) exit(reason)
  }
}

let children: FakeChild[]
let supervisor: Supervisor
const troubles: string[] = []
const givenUp: EngineStopped[] = []
let home: string
const logged = (): string => fs.readFileSync(path.join(home, 'isolde.log'), 'utf8')

beforeEach(async () => {
  vi.useFakeTimers()
  children = []
  troubles.length = 0
  givenUp.length = 0
  home = temporaryFolder()
  supervisor = new Supervisor({
    engine: { home, host: 'process', version: '0', openAtStart: [] },
    spawn: () => {
      const child = new FakeChild()
      children.push(child)
      return child
    },
    onTrouble: (sentence) => troubles.push(sentence),
    onGiveUp: (end) => givenUp.push(end),
    timing: { pingEveryMs: 100, missedPings: 3, endsAtMost: 2, giveUpWithinMs: 10_000 },
  })
  await supervisor.start()
})

afterEach(() => {
  vi.useRealTimers()
})

const latest = (): FakeChild => children.at(-1)!

describe('Supervisor', () => {
  it('passes messages both ways', () => {
    const received: unknown[] = []
    const client = supervisor.openClient((message) => received.push(message))
    supervisor.post(client, { type: 'command', id: 1, name: 'engine.hello', input: {} })
    expect(latest().received.at(-1)).toMatchObject({ type: 'client', client, message: { id: 1 } })
    latest().say({ type: 'client', client, message: { type: 'result', id: 1 } })
    expect(received).toEqual([{ type: 'result', id: 1 }])
  })

  it('starts another engine when one ends, and tells everybody', async () => {
    const received: { type: string; id?: number; name?: string; result?: { error?: { code: string } } }[] = []
    const client = supervisor.openClient((message) => received.push(message as never))
    supervisor.post(client, { type: 'command', id: 7, name: 'image.open', input: {} })
    latest().end('SIGSEGV')
    expect(received[0]).toMatchObject({ type: 'result', id: 7, result: { ok: false, error: { code: 'ENGINE_GONE' } } })
    expect(received[1]).toMatchObject({ type: 'event', name: 'engine.restarted', payload: { reason: 'SIGSEGV' } })
    await vi.advanceTimersByTimeAsync(1)
    expect(children).toHaveLength(2)
    expect(latest().received.map((message) => message.type)).toEqual(['start', 'open-client'])
  })

  it('keeps what is said between two engines for the next one', async () => {
    const client = supervisor.openClient(() => undefined)
    latest().end('exit 1')
    supervisor.post(client, { type: 'command', id: 8, name: 'engine.hello', input: {} })
    await vi.advanceTimersByTimeAsync(1)
    expect(latest().received.at(-1)).toMatchObject({ type: 'client', message: { id: 8 } })
  })

  it('kills an engine that hangs', async () => {
    latest().isHanging = true
    await vi.advanceTimersByTimeAsync(1000)
    expect(children).toHaveLength(2)
    expect(troubles[0]).toContain('not responding')
    expect(troubles[1]).toContain('it did not respond')
  })

  it('leaves a calm engine alone', async () => {
    await vi.advanceTimersByTimeAsync(60_000)
    expect(children).toHaveLength(1)
  })

  it('asks again whether jobs are at work, and is not held up by an engine that does not say', async () => {
    latest().say({ type: 'pong', isBusy: true })
    expect(supervisor.isBusy()).toBe(true)
    // The job has ended since: this one always answers that it is idle.
    await expect(supervisor.isStillBusy()).resolves.toBe(false)
    const slow = new FakeChild()
    const other = new Supervisor({
      engine: { home: '/nowhere', host: 'process', version: '0', openAtStart: [] },
      spawn: () => slow,
    })
    await other.start()
    slow.say({ type: 'pong', isBusy: true })
    slow.isHanging = true
    const still = other.isStillBusy()
    await vi.advanceTimersByTimeAsync(500)
    await expect(still).resolves.toBe(true)
  })

  it('gives up on an engine that ends again and again', async () => {
    for (let i = 0; i < 5; i++) {
      latest().end('exit 1')
      await vi.advanceTimersByTimeAsync(1)
    }
    expect(children).toHaveLength(3)
    expect(troubles.at(-1)).toContain('left alone')
    // Whoever asks now is told at once instead of waiting for ever.
    const received: unknown[] = []
    const client = supervisor.openClient((message) => received.push(message))
    supervisor.post(client, { type: 'command', id: 3, name: 'engine.hello', input: {} })
    expect(received).toMatchObject([{ id: 3, result: { error: { code: 'ENGINE_GONE' } } }])
  })

  it('says why it has given up: to every client, those that come later too, to the host and in the log', async () => {
    const received: unknown[] = []
    const client = supervisor.openClient((message) => received.push(message))
    for (let i = 0; i < 2; i++) {
      latest().end('exit 1')
      await vi.advanceTimersByTimeAsync(1)
    }
    received.length = 0
    supervisor.post(client, { type: 'command', id: 5, name: 'engine.hello', input: {} })
    latest().end('exit 1, TypeError: x is not iterable')
    const stopped = { reason: 'exit 1, TypeError: x is not iterable', times: 3, log: path.join(home, 'isolde.log') }
    expect(received).toMatchObject([
      { type: 'result', id: 5, result: { error: { code: 'ENGINE_GONE' } } },
      { type: 'event', name: 'engine.stopped', payload: stopped },
    ])
    expect(givenUp).toEqual([stopped])
    expect(supervisor.stopped).toEqual(stopped)
    const late: unknown[] = []
    supervisor.openClient((message) => late.push(message))
    await vi.advanceTimersByTimeAsync(1)
    expect(late).toMatchObject([{ name: 'engine.stopped', payload: stopped }])
    expect(logged()).toMatch(/ended \(exit 1\)(?:.*\n)+.*x is not iterable.*left alone/)
    expect(fs.statSync(stopped.log).mode & 0o077).toBe(0)
  })

  it('passes on what the engine itself says of its end', async () => {
    const received: unknown[] = []
    supervisor.openClient((message) => received.push(message))
    latest().say({ type: 'failed', reason: 'x is not iterable' })
    await vi.advanceTimersByTimeAsync(1)
    expect(received).toMatchObject([{ name: 'engine.restarted', payload: { reason: 'x is not iterable' } }])
    expect(logged()).toContain('x is not iterable')
  })

  it.each([
    [
      'said by the engine',
      (child: FakeChild) => child.say({ type: 'failed', reason: 'No native code.' }),
      'No native code.',
    ],
  ])('gives the reason at once where the first engine does not start: %s', async (_what, fail, reason) => {
    const tried: FakeChild[] = []
    const other = new Supervisor({
      engine: { home: '/nowhere', host: 'process', version: '0', openAtStart: [] },
      spawn: () => {
        const child = new FakeChild()
        child.isHanging = true
        tried.push(child)
        return child
      },
    })
    const started = expect(other.start()).rejects.toThrow(`Isolde’s engine does not start: ${reason}`)
    // No timer has to run for it.
    fail(tried[0]!)
    await started
    await vi.advanceTimersByTimeAsync(60_000)
    expect(tried).toHaveLength(1)
  })

  it('tries once more without native code where the first engine dies without a word', async () => {
    const tried: FakeChild[] = []
    const other = (isHealed: boolean): Promise<void> => {
      tried.length = 0
      return new Supervisor({
        engine: { home: '/nowhere', host: 'process', version: '0', openAtStart: [] },
        spawn: () => {
          const child = new FakeChild()
          child.isHanging = !isHealed || tried.length === 0
          tried.push(child)
          return child
        },
      }).start()
    }
    const healed = other(true)
    tried[0]!.end('it crashed')
    await healed
    expect(tried.map(({ received }) => received[0])).toMatchObject([
      { type: 'start', options: { openAtStart: [] } },
      { type: 'start', options: { avoidsNativeCode: true } },
    ])
    // One that ends later on is followed by another that leaves the native code alone.
    tried[1]!.end('out of memory')
    await vi.advanceTimersByTimeAsync(1)
    expect(tried).toHaveLength(3)
    expect(tried[2]?.received[0]).toMatchObject({ type: 'start', options: { avoidsNativeCode: true } })
    const dead = expect(other(false)).rejects.toThrow('Isolde’s engine does not start: it crashed.')
    tried[0]!.end('it crashed')
    tried[1]!.end('exit 1')
    await dead
    expect(tried).toHaveLength(2)
  })

  it('ends an engine that never answers', async () => {
    const child = new FakeChild()
    child.isHanging = true
    const kill = vi.spyOn(child, 'kill')
    const other = new Supervisor({
      engine: { home: '/nowhere', host: 'process', version: '0', openAtStart: [] },
      spawn: () => child,
    })
    const started = expect(other.start()).rejects.toThrow('is not responding')
    await vi.advanceTimersByTimeAsync(30_000)
    await started
    expect(kill).toHaveBeenCalledOnce()
  })

  it('ends its engine politely', async () => {
    await supervisor.close()
    expect(latest().received.at(-1)).toEqual({ type: 'shutdown' })
    expect(children).toHaveLength(1)
  })
})
