import os from 'node:os'
import { Worker } from 'node:worker_threads'
import { unpackHere, type UnpackBlock, type Unpacker } from '../../image/codecs/unpackers'
import type { UnpackAnswer, UnpackOrder } from './unpack-worker'

/** Threads beside the one that asks, which unpacks as well. */
const THREAD_LIMIT = 3
/** A thread takes as long to start as some megabytes to unpack: so much is unpacked before any is started, in bytes. */
const WORTH_IT_BYTES = 4 << 20
/** Blocks that a thread has been given and not answered: one that it works on, one that it goes on with. */
const GIVEN_LIMIT = 2
/** Threads without work are ended; in milliseconds. */
const IDLE_MS = 10_000

/** Ways that take ten times as long to unpack a block as to hand it over; the others are quicker done here. */
const SLOW: ReadonlySet<Unpacker['id']> = new Set(['xz', 'lzma', 'lzms'])

interface Task {
  unpacker: Unpacker
  packed: Uint8Array
  byteLength: number
  resolve: (bytes: Uint8Array) => void
  reject: (error: unknown) => void
}

/**
 * Unpacks blocks on as many threads as the machine has, the asking one among them. Who asks for several at once gets them in
 * whatever order they are ready; a single one is unpacked at once.
 */
export class UnpackThreads {
  private readonly queue: Task[] = []
  private readonly helpers: Helper[] = []
  private isServing = false
  /** Threads cannot be started, or do not live long enough to be of use. */
  private isBroken = false
  private bytesSoFar = 0

  constructor(
    private readonly threadCount: number,
    private readonly start: () => Worker,
  ) {}

  run(unpacker: Unpacker, packed: Uint8Array, byteLength: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.queue.push({ unpacker, packed, byteLength, resolve, reject })
      if (this.isServing) return
      this.isServing = true
      // By then whoever wants several blocks has asked for all of them.
      setImmediate(() => {
        void this.serve()
      })
    })
  }

  /** Gives work to whoever has none, does a block here, and lets answers arrive before the next. */
  private async serve(): Promise<void> {
    while (this.queue.length > 0) {
      if (this.queue.length > 1) this.giveOut()
      const task = this.queue.shift()
      if (task !== undefined) unpackNow(task)
      this.bytesSoFar += task?.byteLength ?? 0
      if (this.queue.length > 0) await new Promise(setImmediate)
    }
    this.isServing = false
  }

  private giveOut(): void {
    if (this.bytesSoFar < WORTH_IT_BYTES || this.isBroken) return
    try {
      while (this.helpers.length < this.threadCount) this.helpers.push(this.newHelper())
    } catch {
      // The system has no more threads: what there is goes on.
      this.isBroken = true
    }
    for (let given = 1; given <= GIVEN_LIMIT; given++)
      for (const helper of this.helpers) {
        // One is left for this thread.
        if (this.queue.length < 2) return
        if (helper.given >= given) continue
        const task = this.queue.shift()
        if (task !== undefined) helper.give(task)
      }
  }

  private newHelper(): Helper {
    const helper = new Helper(this.start(), (left, hasAnswered) => {
      const at = this.helpers.indexOf(helper)
      if (at >= 0) this.helpers.splice(at, 1)
      if (!hasAnswered) this.isBroken = true
      for (const task of left) unpackNow(task)
    })
    return helper
  }
}

/** A thread, and what it has been given. */
class Helper {
  private readonly tasks = new Map<number, Task>()
  private last = 0
  private idle: NodeJS.Timeout | null = null

  private hasAnswered = false

  /** @param onEnd told what was not answered, once it is no more */
  constructor(
    private readonly worker: Worker,
    onEnd: (left: Task[], hasAnswered: boolean) => void,
  ) {
    // What waits for an answer keeps the program going by itself; a thread without work does not.
    worker.unref()
    worker.on('message', (answer: UnpackAnswer) => {
      this.take(answer)
    })
    const end = (): void => {
      if (this.idle !== null) clearTimeout(this.idle)
      const left = [...this.tasks.values()]
      this.tasks.clear()
      onEnd(left, this.hasAnswered)
    }
    // Not once: an error that nobody listens to would end the program.
    worker.on('error', end).on('exit', end)
  }

  get given(): number {
    return this.tasks.size
  }

  give(task: Task): void {
    if (this.idle !== null) clearTimeout(this.idle)
    this.idle = null
    if (this.tasks.size === 0) this.worker.ref()
    const number = ++this.last
    this.tasks.set(number, task)
    // Of its own: a part of something larger would be handed over with all of that.
    const packed = Uint8Array.from(task.packed)
    const order: UnpackOrder = { number, unpacker: task.unpacker, packed, byteLength: task.byteLength }
    this.worker.postMessage(order, [packed.buffer])
  }

  private take({ number, bytes }: UnpackAnswer): void {
    const task = this.tasks.get(number)
    if (task === undefined) return
    this.tasks.delete(number)
    this.hasAnswered = true
    if (this.tasks.size === 0) this.rest()
    if (bytes !== null) task.resolve(bytes)
    else unpackNow(task)
  }

  private rest(): void {
    this.worker.unref()
    this.idle = setTimeout(() => {
      void this.worker.terminate()
    }, IDLE_MS).unref()
  }
}

function unpackNow({ unpacker, packed, byteLength, resolve, reject }: Task): void {
  try {
    resolve(unpackHere(unpacker, packed, byteLength))
  } catch (error) {
    reject(error)
  }
}

let threads: UnpackThreads | null = null

/**
 * Unpacks a block, on another thread where several are wanted at once.
 * @param packed left as it is
 * @param byteLength as {@link unpackHere} has it
 * @throws as the codec does
 */
export const unpackOnThreads: UnpackBlock = (unpacker, packed, byteLength) => {
  if (!SLOW.has(unpacker.id)) return unpackHere(unpacker, packed, byteLength)
  threads ??= new UnpackThreads(
    Math.min(THREAD_LIMIT, os.availableParallelism() - 1),
    () => new Worker(new URL('./unpack-worker.js', import.meta.url)),
  )
  return threads.run(unpacker, packed, byteLength)
}
