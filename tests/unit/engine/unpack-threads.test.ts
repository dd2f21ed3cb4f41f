import { EventEmitter } from 'node:events'
import { deflateSync } from 'node:zlib'
import type { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { UnpackThreads } from '../../../src-main/engine/images/unpack-threads'
import type { UnpackOrder } from '../../../src-main/engine/images/unpack-worker'

const GZIP = { id: 'gzip', blockLength: 0 } as const
const BLOCK = 1 << 20
const blocks = Array.from({ length: 24 }, (_, index) => Buffer.alloc(BLOCK, `block ${index} `))

/** Stands for a thread; what becomes of an order is up to the test. */
class FakeWorker extends EventEmitter {
  constructor(private readonly act: (order: UnpackOrder, worker: FakeWorker) => void) {
    super()
  }
  ref(): void {
    // Nothing is kept going.
  }
  unref(): void {
    // Nothing is kept going.
  }
  terminate(): Promise<number> {
    this.emit('exit', 0)
    return Promise.resolve(0)
  }
  postMessage(order: UnpackOrder): void {
    setImmediate(() => {
      this.act(order, this)
    })
  }
}

async function expectAll(threads: UnpackThreads): Promise<void> {
  const unpacked = await Promise.all(blocks.map((block) => threads.run(GZIP, deflateSync(block), BLOCK)))
  expect(unpacked.every((bytes, index) => blocks[index]?.equals(bytes))).toBe(true)
}

it('unpacks what a thread was given and did not answer before it died, and starts no other', async () => {
  let started = 0
  const threads = new UnpackThreads(1, () => {
    started++
    return new FakeWorker((_, worker) => worker.emit('error', new Error('out of memory'))) as unknown as Worker
  })
  await expectAll(threads)
  await expectAll(threads)
  expect(started).toBe(1)
})

it('tries here what a thread could not unpack', async () => {
  let asked = 0
  const threads = new UnpackThreads(1, () => {
    const answer = ({ number }: UnpackOrder, worker: FakeWorker): void => {
      asked++
      worker.emit('message', { number, bytes: null })
    }
    return new FakeWorker(answer) as unknown as Worker
  })
  await expectAll(threads)
  expect(asked).toBeGreaterThan(0)
  await expect(threads.run(GZIP, Buffer.from('no deflate'), BLOCK)).rejects.toThrow()
})

it('goes on by itself where no thread can be started', async () => {
  const threads = new UnpackThreads(2, () => {
    throw new Error('ERR_WORKER_INIT_FAILED')
  })
  await expectAll(threads)
})
