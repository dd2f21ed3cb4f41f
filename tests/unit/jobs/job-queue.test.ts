import { describe, expect, it } from 'vitest'
import {
  JobQueue,
  kindOf,
  LEASE_MS,
  readSpec,
  SILENT_MS,
  TransferRate,
  type JobHooks,
  type JobStore,
  type StoredJob,
} from '../../../src-main/jobs'
import type { JobSnapshot, JobSpec } from '../../../src-shared/model'

class MemoryStore implements JobStore {
  readonly rows = new Map<string, StoredJob>()
  load(): StoredJob[] {
    return structuredClone([...this.rows.values()]).sort((a, b) => a.snapshot.position - b.snapshot.position)
  }
  insert(job: StoredJob): void {
    this.rows.set(job.id, structuredClone(job))
  }
  update(snapshot: JobSnapshot): void {
    const row = this.rows.get(snapshot.id)
    if (row) row.snapshot = structuredClone(snapshot)
  }
  remove(id: string): void {
    this.rows.delete(id)
  }
  takeLease(id: string, expected: string | null, owner: string, until: number): boolean {
    const row = this.rows.get(id)
    if (row?.leaseOwner !== expected) return false
    row.leaseOwner = owner
    row.leaseUntil = until
    return true
  }
  readonly attempts = new Map<string, number>()
  countAttempt(id: string): number {
    const attempts = (this.attempts.get(id) ?? 0) + 1
    this.attempts.set(id, attempts)
    return attempts
  }
  hasOthers(owner: string): boolean {
    return [...this.rows.values()].some((row) => row.leaseOwner !== owner)
  }
  renewLeases(owner: string, until: number): void {
    for (const row of this.rows.values()) if (row.leaseOwner === owner) row.leaseUntil = until
  }
}

interface Started {
  id: string
  hooks: JobHooks
  calls: string[]
  isTakenOver: boolean
}

function program(
  store = new MemoryStore(),
  owner = 'me',
  alive: string[] = [],
  more: Partial<ConstructorParameters<typeof JobQueue>[0]> = {},
) {
  const started: Started[] = []
  const told: JobSnapshot[] = []
  const removed: string[] = []
  const abandoned: string[] = []
  const clock = { now: 1_000_000 }
  let ids = 0
  const troubles: string[] = []
  const queue = new JobQueue({
    store,
    owner,
    isOwnerAlive: (other) => alive.includes(other),
    disksOf: (spec) => destinationOf(spec).split('+'),
    newId: () => `${owner}-${++ids}`,
    now: () => clock.now,
    onSnapshot: (snapshot) => told.push(snapshot),
    onRemoved: (id) => removed.push(id),
    onAbandoned: (snapshot) => abandoned.push(snapshot.id),
    onTrouble: (sentence) => troubles.push(sentence),
    run: (id, _spec, hooks, _secret, isTakenOver) => {
      const calls: string[] = []
      started.push({ id, hooks, calls, isTakenOver })
      return {
        pause: () => calls.push('pause'),
        resume: () => calls.push('resume'),
        cancel: () => calls.push('cancel'),
        answer: (answer) => calls.push(`answer ${answer.choice}`),
      }
    },
    ...more,
  })
  const state = (id: string): string | undefined => queue.list().find((job) => job.id === id)?.state
  return { queue, store, started, told, removed, abandoned, clock, state, troubles }
}

const copy = { kind: 'copy', paths: ['/a'], destination: '/b', conflicts: 'ask' }
const copyTo = (destination: string): JobSpec => Object.assign({}, copy, { destination })
const result = { kind: 'copy', files: 1, directories: 0, symlinks: 0, bytesWritten: 1, problems: 0 }
const destinationOf = (spec: JobSpec): string => kindOf(spec).destination(spec) ?? ''

describe('JobQueue', () => {
  it('runs one job at a time, in order', () => {
    const { queue, started, state } = program()
    const [first, second] = [queue.add(copy, 'a'), queue.add(copy, 'a')]
    expect([state(first), state(second)]).toEqual(['running', 'queued'])
    started[0]!.hooks.end({ state: 'done', result, problems: [], destination: '/b' })
    expect([state(first), state(second)]).toEqual(['done', 'running'])
    expect(started.map((job) => job.id)).toEqual([first, second])
  })

  it('runs jobs at the same time only where they share no disk, and lets nobody overtake on one', () => {
    const { queue, state } = program()
    const to = (destination: string) => queue.add(copyTo(destination), 'a')
    const [onA, alsoOnA, onB, onAAndB, onC] = [to('a'), to('a'), to('b'), to('a+b'), to('c')]
    expect([onA, alsoOnA, onB, onAAndB, onC].map(state)).toEqual(['running', 'queued', 'running', 'queued', 'running'])
  })

  it('lets the next one run while one is paused, and takes turns again after', () => {
    const { queue, started, state } = program()
    const [first, second] = [queue.add(copy, 'a'), queue.add(copy, 'a')]
    queue.pause(first)
    expect(started[0]!.calls).toEqual(['pause'])
    expect([state(first), state(second)]).toEqual(['paused', 'running'])
    queue.resume(first)
    expect(started[0]!.calls).toEqual(['pause', 'resume'])
  })

  it('says how a job ended, to whoever waits and to whoever asks later', async () => {
    const { queue, started } = program()
    const id = queue.add(copy, 'a')
    const ended = queue.ended(id)
    started[0]!.hooks.end({ state: 'done', result, problems: [], destination: '/b' })
    expect(await ended).toMatchObject({ id, state: 'done', result })
    expect(await queue.ended(id)).toBe(await ended)
  })

  it('waits for the runner to say that a job is cancelled', () => {
    const { queue, started, state } = program()
    const id = queue.add(copy, 'a')
    queue.cancel(id)
    expect(started[0]!.calls).toEqual(['cancel'])
    expect(state(id)).toBe('running')
    started[0]!.hooks.end({ state: 'cancelled' })
    expect(state(id)).toBe('cancelled')
  })

  it('cancels a waiting job at once', () => {
    const { queue, state, abandoned } = program()
    queue.add(copy, 'a')
    const second = queue.add(copy, 'a')
    queue.cancel(second)
    expect(state(second)).toBe('cancelled')
    expect(abandoned).toEqual([second])
  })

  it('puts jobs in another order', () => {
    const { queue } = program()
    const [first, second, third] = [queue.add(copy, 'a'), queue.add(copy, 'a'), queue.add(copy, 'a')]
    queue.move(third, second)
    expect(queue.list().map((job) => job.id)).toEqual([first, third, second])
    queue.move(third, null)
    expect(queue.list().map((job) => job.id)).toEqual([first, second, third])
    queue.move(third, first)
    expect(queue.list().map((job) => job.id)).toEqual([third, first, second])
  })

  it('passes questions on and answers back, once', () => {
    const { queue, started } = program()
    const id = queue.add(copy, 'a')
    const side = { byteLength: 1, modified: null, kind: 'file' }
    started[0]!.hooks.question({ kind: 'conflict', path: 'x', destinationPath: '/b/x', incoming: side, existing: side })
    expect(queue.list()[0]!.question?.path).toBe('x')
    queue.answer(id, { choice: 'skip', forAll: false })
    expect(started[0]!.calls).toEqual(['answer skip'])
    expect(() => {
      queue.answer(id, { choice: 'skip', forAll: false })
    }).toThrow('asks nothing')
  })

  it('tells progress at most ten times a second, with speed and time left', () => {
    const { queue, started, told, clock } = program()
    queue.add(copy, 'a')
    told.length = 0
    for (let i = 0; i <= 1000; i++) {
      clock.now += 1
      started[0]!.hooks.progress({ bytesDone: i * 1000, bytesTotal: 2_000_000 })
    }
    expect(told.length).toBeLessThanOrEqual(11)
    expect(told.at(-1)!.bytesPerSecond).toBeCloseTo(1_000_000, -5)
    expect(told.at(-1)!.secondsLeft).toBeGreaterThan(0.9)
  })

  it('ignores what a job says after its end', () => {
    const { queue, started, state } = program()
    const id = queue.add(copy, 'a')
    const [{ hooks }] = started as [Started]
    hooks.end({ state: 'failed', error: { code: 'NO_SPACE', message: 'full' } })
    hooks.progress({ bytesDone: 5 })
    hooks.end({ state: 'cancelled' })
    expect(state(id)).toBe('failed')
    queue.retry(id)
    expect(state(id)).toBe('running')
    expect(queue.list()[0]!.error).toBeNull()
  })

  it('refuses what does not fit the state', () => {
    const { queue } = program()
    const id = queue.add(copy, 'a')
    expect(() => {
      queue.resume(id)
    }).toThrow('running')
    expect(() => {
      queue.dismiss(id)
    }).toThrow('running')
    expect(() => {
      queue.cancel('no such')
    }).toThrow('not in the list')
  })
})

describe('after a restart', () => {
  it('goes on with what ran, and shows what had ended', () => {
    const before = program()
    const [done, running, waiting] = [
      before.queue.add(copy, 'a'),
      before.queue.add(copy, 'a'),
      before.queue.add(copy, 'a'),
    ]
    before.started[0]!.hooks.end({ state: 'done', result, problems: [], destination: '/b' })
    const after = program(before.store, 'next')
    after.queue.restore()
    expect([after.state(done), after.state(running), after.state(waiting)]).toEqual(['done', 'running', 'queued'])
    expect(after.started.map((job) => job.id)).toEqual([running])
  })

  it('leaves alone what another running program works on', () => {
    const other = program(new MemoryStore(), 'other')
    other.queue.add(copy, 'a')
    const mine = program(other.store, 'me', ['other'])
    mine.queue.restore()
    expect(mine.started).toEqual([])
    expect(mine.queue.list()).toEqual([])
    // Its lease has run out although it seems to be alive: it hangs, or its number belongs to somebody else now.
    const later = program(other.store, 'me', ['other'])
    later.clock.now += LEASE_MS + 1
    later.queue.restore()
    expect(later.started).toHaveLength(1)
  })

  it('never lets two programs have the same job', () => {
    const gone = program(new MemoryStore(), 'gone')
    gone.queue.add(copy, 'a')
    const [first, second] = [program(gone.store, 'one', ['one', 'two']), program(gone.store, 'two', ['one', 'two'])]
    first.queue.restore()
    second.queue.restore()
    expect(first.started.length + second.started.length).toBe(1)
  })

  it('gives up on a job that ends its process again and again', () => {
    let { store } = program()
    const first = program(store)
    const id = first.queue.add(copy, 'bad.iso')
    for (let start = 1; start <= 4; start++) {
      const next = program(store, `start ${start}`)
      next.queue.restore()
      store = next.store
      expect(next.state(id)).toBe(start <= 3 ? 'running' : 'failed')
      if (start === 4) expect(next.queue.list()[0]!.error?.message).toContain('bad.iso')
    }
  })

  it('says that a dropped file is gone instead of trying', () => {
    const before = program()
    const source = { kind: 'upload' as const, path: 'u1', name: 'disc.iso', byteLength: 1, inside: [], charset: null }
    const spec = { kind: 'extract', source, view: 'udf', paths: null, destination: '/b', conflicts: 'ask' }
    const id = before.queue.add(spec, 'disc.iso')
    const after = program(before.store, 'next')
    after.queue.restore()
    expect(after.state(id)).toBe('failed')
    expect(after.queue.list()[0]!.error?.message).toContain('disc.iso')
  })
})

describe('a bad job fails alone', () => {
  it('whose disks cannot be found out: it runs, and the others with it', () => {
    const disksOf = (spec: JobSpec): string[] => {
      if (destinationOf(spec) === 'loop') throw new Error('ELOOP')
      return [destinationOf(spec)]
    }
    const before = program(undefined, 'before', [], { disksOf })
    const [bad, good] = [before.queue.add(copyTo('loop'), 'a'), before.queue.add(copy, 'a')]
    const after = program(before.store, 'after', [], { disksOf })
    after.queue.restore()
    expect([after.state(bad), after.state(good)]).toEqual(['running', 'running'])
  })

  it('whose disks are found out late, or never', async () => {
    const { queue, state } = program(undefined, 'me', [], {
      disksOf: (spec) => (destinationOf(spec) === 'bad' ? Promise.reject(new Error('EIO')) : Promise.resolve(['a'])),
    })
    const [bad, good] = [queue.add(copyTo('bad'), 'a'), queue.add(copy, 'a')]
    expect(state(good)).toBe('queued')
    await new Promise((resolve) => setImmediate(resolve))
    expect([state(bad), state(good)]).toEqual(['running', 'running'])
  })

  it('that cannot be started', () => {
    const { queue, state } = program(undefined, 'me', [], {
      run: () => {
        throw new Error('no thread')
      },
    })
    const id = queue.add(copy, 'a')
    expect(state(id)).toBe('failed')
    expect(queue.list()[0]!.error?.message).toContain('no thread')
  })

  it('that the store holds no sense of: it is removed, and told', () => {
    const before = program(undefined, 'before')
    const [bad, good] = [before.queue.add(copy, 'a'), before.queue.add(copy, 'a')]
    before.store.rows.get(bad)!.spec = { kind: 'copy' }
    const after = program(before.store, 'after', [])
    after.queue.restore()
    expect(after.queue.list().map(({ id }) => id)).toEqual([good])
    expect(after.store.rows.has(bad)).toBe(false)
    expect(after.troubles).toHaveLength(1)
  })

  it.each([null, 1, 'x', {}, { kind: 'other' }, { kind: 'copy', paths: [1] }, { kind: 'extract', source: null }])(
    '%j is no job',
    (value) => {
      expect(readSpec(value)).toBeNull()
    },
  )
})

describe('nothing waits for ever', () => {
  it('a job of a program that ends later is taken over then', () => {
    const alive = ['other']
    const other = program(undefined, 'other')
    const id = other.queue.add(copy, 'a')
    const mine = program(other.store, 'me', alive)
    mine.queue.restore()
    mine.queue.watch()
    expect(mine.state(id)).toBeUndefined()
    alive.length = 0
    mine.queue.watch()
    expect(mine.state(id)).toBe('running')
    expect(mine.started[0]!.isTakenOver).toBe(true)
  })

  it('a job that another program added later is taken over when that ends, whoever had a look first', () => {
    const alive = ['other', 'third']
    const other = program(undefined, 'other')
    const mine = program(other.store, 'me', alive)
    mine.queue.restore()
    const id = other.queue.add(copy, 'a')
    mine.queue.watch()
    expect(mine.state(id)).toBeUndefined()
    // A third one was quicker, and then ends as well.
    alive.splice(0, 1)
    expect(other.store.takeLease(id, 'other', 'third', mine.clock.now + LEASE_MS)).toBe(true)
    mine.queue.watch()
    expect(mine.state(id)).toBeUndefined()
    alive.length = 0
    mine.queue.watch()
    expect(mine.state(id)).toBe('running')
  })

  it('after the computer was asleep nobody takes a job from one who has not renewed the lease yet', () => {
    const alive = ['other']
    const other = program(undefined, 'other')
    const id = other.queue.add(copy, 'a')
    const mine = program(other.store, 'me', alive)
    mine.queue.restore()
    mine.clock.now += 8 * 3_600_000
    mine.queue.watch()
    expect(mine.state(id)).toBeUndefined()
    other.clock.now = mine.clock.now
    other.queue.renewLeases()
    mine.clock.now += 10_000
    mine.queue.watch()
    expect(mine.state(id)).toBeUndefined()
    // One that is another process by the same number renews nothing: its lease runs out.
    for (let turn = 0; turn < 4; turn++) {
      mine.clock.now += 10_000
      mine.queue.watch()
    }
    expect(mine.state(id)).toBe('running')
  })

  it('a job whose disks are never found out waits for nobody, and the log says so', () => {
    const { queue, state, clock, troubles } = program(undefined, 'me', [], {
      disksOf: () => new Promise(() => undefined),
    })
    const id = queue.add(copy, 'a')
    queue.watch()
    expect(state(id)).toBe('queued')
    clock.now += 15_000
    queue.watch()
    expect(state(id)).toBe('running')
    expect(troubles[0]).toContain('job copy of a')
  })

  it('a catalog that is locked holds up no job, and learns of it later', () => {
    const { queue, store, started, state, troubles } = program()
    const [one, two] = [queue.add(copy, 'a'), queue.add(copy, 'b')]
    const update = store.update.bind(store)
    store.update = () => {
      throw Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' })
    }
    started[0]!.hooks.end({ state: 'done', result, problems: [], destination: '/b' })
    expect([state(one), state(two)]).toEqual(['done', 'running'])
    expect(troubles[0]).toContain('database is locked')
    expect(store.rows.get(one)!.snapshot.state).toBe('running')
    store.update = update
    queue.watch()
    expect(store.rows.get(one)!.snapshot.state).toBe('done')
  })

  it('a job that says nothing any more is said to, once', () => {
    const { queue, started, clock, troubles } = program()
    queue.add(copy, 'a')
    clock.now += SILENT_MS - 1
    queue.watch()
    expect(troubles).toEqual([])
    clock.now += 1
    queue.watch()
    queue.watch()
    expect(troubles).toHaveLength(1)
    expect(queue.list()[0]!.isSilent).toBe(true)
    started[0]!.hooks.progress({ current: 'x' })
    expect(queue.list()[0]!.isSilent).toBe(false)
    clock.now += SILENT_MS
    queue.watch()
    expect(troubles).toHaveLength(2)
  })
})

describe('TransferRate', () => {
  it('forgets what is long ago', () => {
    const rate = new TransferRate(1000)
    rate.add(0, 0)
    rate.add(100, 1_000_000)
    for (let at = 1000; at <= 4000; at += 100) rate.add(at, 1_000_000 + at)
    expect(rate.perSecond()).toBeCloseTo(1000)
    expect(rate.secondsLeft(1_014_000)).toBeCloseTo(10)
  })

  it('does not guess before it can know', () => {
    const rate = new TransferRate()
    expect(rate.secondsLeft(10)).toBeNull()
    rate.add(5, 5)
    expect(rate.perSecond()).toBe(0)
  })
})
