import type { EventEmitter } from 'node:events'
import fs from 'node:fs'
import type os from 'node:os'
import path from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { temporaryFolder } from '../support'

const started = vi.hoisted(() => [] as EventEmitter[])

vi.mock('node:os', async (load) => {
  const real = await load<{ default: typeof os }>()
  return { ...real, default: { ...real.default, availableParallelism: () => 2 } }
})
vi.mock('node:worker_threads', async () => {
  const { EventEmitter: Emitter } = await import('node:events')
  class Worker extends Emitter {
    isAwaited = true
    constructor() {
      super()
      started.push(this)
    }
    ref(): void {
      this.isAwaited = true
    }
    unref(): void {
      this.isAwaited = false
    }
  }
  return { Worker }
})

const { prewarmWriterThread, takeWriterThread } = await import('../../../src-main/extract/writer-thread')

afterEach(() => {
  takeWriterThread()
  started.length = 0
})

function imageOf(byteLength: number): string {
  const file = path.join(temporaryFolder(), 'disc.iso')
  fs.writeFileSync(file, '')
  fs.truncateSync(file, byteLength)
  return file
}

it('begins one thread for a large image, which the program does not wait for until it is taken', () => {
  const image = imageOf(64 << 20)
  prewarmWriterThread(image)
  prewarmWriterThread(image)
  expect(started).toHaveLength(1)
  expect(started[0]).toMatchObject({ isAwaited: false })
  expect(takeWriterThread()).toBe(started[0])
  expect(started[0]).toMatchObject({ isAwaited: true })
  expect(takeWriterThread()).toBeNull()
})

it('begins none for a small image, or for what is not there', () => {
  prewarmWriterThread(imageOf(1 << 20))
  prewarmWriterThread('/no/such/image.iso')
  expect(started).toHaveLength(0)
  expect(takeWriterThread()).toBeNull()
})

it.each(['error', 'exit'])('hands on no thread that has ended already: %s', (event) => {
  prewarmWriterThread(imageOf(64 << 20))
  started[0]?.emit(event, new Error('out of memory'))
  expect(takeWriterThread()).toBeNull()
})
