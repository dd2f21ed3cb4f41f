import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { describe, expect, it, vi } from 'vitest'
import { giveBackFreedMemory, threadHasEnded } from '../../../src-main/engine/rpc/freed-memory'

/** Resident memory that no file is behind, in bytes. */
function resident(): number {
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024
}

async function startAndEndThreads(count: number): Promise<void> {
  const code = `const { parentPort } = require('node:worker_threads')
    for (const name of ['http', 'crypto', 'zlib', 'stream/web', 'test']) require('node:' + name)
    parentPort.postMessage('up')
    setInterval(() => undefined, 1000)`
  const threads = Array.from({ length: count }, () => new Worker(code, { eval: true }))
  await Promise.all(threads.map((thread) => new Promise((resolve) => thread.once('message', resolve))))
  await Promise.all(threads.map((thread) => thread.terminate()))
}

function isGlibc(): boolean {
  try {
    return /glibc|gnu libc/i.test(execFileSync('ldd', ['--version'], { encoding: 'utf8' }))
  } catch {
    return false
  }
}

describe.runIf(process.platform === 'linux' && isGlibc())('memory of threads that have ended', () => {
  it('goes back to the system', { timeout: 60_000 }, async () => {
    await giveBackFreedMemory()
    await startAndEndThreads(24)
    const kept = resident()
    expect(await giveBackFreedMemory()).toBe(true)
    expect(resident()).toBeLessThan(kept - 10e6)
  })
})

describe.runIf(process.platform === 'linux')('threads that end', () => {
  it('are waited for until they are many, and then until no more end', async () => {
    const trim = vi.fn()
    vi.doMock('koffi', () => ({ default: { load: () => ({ func: () => ({ async: trim }) }) } }))
    vi.useFakeTimers()
    try {
      for (let count = 1; count < 8; count++) threadHasEnded()
      await vi.advanceTimersByTimeAsync(60_000)
      expect(trim).not.toHaveBeenCalled()
      threadHasEnded()
      await vi.advanceTimersByTimeAsync(4000)
      threadHasEnded()
      await vi.advanceTimersByTimeAsync(4000)
      expect(trim).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(1000)
      vi.useRealTimers()
      await vi.waitFor(() => {
        expect(trim).toHaveBeenCalledOnce()
      })
    } finally {
      vi.useRealTimers()
      vi.doUnmock('koffi')
    }
  })
})
