import { MessageChannel } from 'node:worker_threads'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ClientCalls } from '../../../src-main/engine/process/client-calls'
import { Peer } from '../../../src-main/engine/rpc'

/** Work that ends when it is told to, and what was begun of it. */
function slowWork() {
  const begun: { name: string; signal: AbortSignal; end: () => void }[] = []
  const work =
    (name: string) =>
    (signal: AbortSignal): Promise<string> =>
      new Promise((resolve) => {
        begun.push({
          name,
          signal,
          end: () => {
            resolve(name)
          },
        })
      })
  return { begun, work, names: () => begun.map(({ name }) => name) }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('the calls of clients', () => {
  it('are done so many at once, in their order, and keep no other client waiting', async () => {
    const calls = new ClientCalls(2)
    const { begun, work, names } = slowWork()
    const answers = ['a', 'b', 'c', 'd'].map((name, id) => calls.run(1, id, work(name)))
    const other = calls.run(2, 0, work('other'))
    expect(names()).toEqual(['a', 'b', 'other'])
    begun[1]?.end()
    expect(await answers[1]).toBe('b')
    await settled()
    expect(names()).toEqual(['a', 'b', 'other', 'c'])
    for (const one of begun) one.end()
    await settled()
    begun.at(-1)?.end()
    expect(await Promise.all([...answers, other])).toEqual(['a', 'b', 'c', 'd', 'other'])
    // The turns are there again.
    void calls.run(1, 5, work('e'))
    void calls.run(1, 6, work('f'))
    void calls.run(1, 7, work('g'))
    await settled()
    expect(names().slice(5)).toEqual(['e', 'f'])
  })

  it('of a client that closes are not begun, and those that were are told', async () => {
    const calls = new ClientCalls(3)
    const { begun, work, names } = slowWork()
    const answers = Array.from({ length: 20_000 }, (_, id) => calls.run(1, id, work(String(id))))
    const ends = Promise.allSettled(answers)
    const other = calls.run(2, 0, work('other'))
    calls.close(1)
    expect(begun.map(({ signal }) => signal.aborted)).toEqual([true, true, true, false])
    for (const one of begun) one.end()
    expect(await other).toBe('other')
    const refused = (await ends).filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(20_000 - 3)
    expect(names()).toEqual(['0', '1', '2', 'other'])
  })

  it('are taken back one by one, waiting or under way', async () => {
    const calls = new ClientCalls(1)
    const { begun, work, names } = slowWork()
    const [first, second, third] = ['a', 'b', 'c'].map((name, id) => calls.run(1, id, work(name)))
    calls.cancel(1, 1)
    calls.cancel(1, 99)
    calls.cancel(7, 0)
    await expect(second).rejects.toMatchObject({ name: 'AbortError' })
    calls.cancel(1, 0)
    expect(begun[0]?.signal.aborted).toBe(true)
    begun[0]?.end()
    expect(await first).toBe('a')
    await settled()
    expect(names()).toEqual(['a', 'c'])
    begun[1]?.end()
    expect(await third).toBe('c')
  })

  it('that others wait for do not wait for their turn', async () => {
    const calls = new ClientCalls(1)
    const { begun, work, names } = slowWork()
    void calls.run(1, 0, work('opens'))
    const slice = calls.run(1, 1, work('slice'), true)
    expect(names()).toEqual(['opens', 'slice'])
    begun[1]?.end()
    expect(await slice).toBe('slice')
  })

  it('go on after one has failed', async () => {
    const calls = new ClientCalls(1)
    const failing = calls.run(1, 0, () => Promise.reject(new Error('no')))
    const next = calls.run(1, 1, () => Promise.resolve('next'))
    await expect(failing).rejects.toThrow('no')
    expect(await next).toBe('next')
  })
})

describe('a call to a thread', () => {
  type Slow = { work(name: string): Promise<string> }

  it('that is cancelled before it is begun is not begun', async () => {
    const { port1, port2 } = new MessageChannel()
    onTestFinished(() => {
      port1.close()
    })
    const begun: string[] = []
    const methods: Slow = {
      work: (name) => {
        begun.push(name)
        return Promise.resolve(name)
      },
    }
    new Peer(port1, methods)
    const peer = new Peer<Slow>(port2, {})
    const abort = new AbortController()
    const ends = Promise.allSettled([
      ...Array.from({ length: 50 }, (_, at) => peer.call('work', String(at), abort.signal)),
    ])
    const wanted = peer.call('work', 'wanted')
    abort.abort()
    await expect(peer.call('work', 'late', abort.signal)).rejects.toMatchObject({ name: 'AbortError' })
    expect(await wanted).toBe('wanted')
    expect((await ends).every(({ status }) => status === 'rejected')).toBe(true)
    expect(begun).toEqual(['wanted'])
  })
})
