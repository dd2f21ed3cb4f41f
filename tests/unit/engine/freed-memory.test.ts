import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { giveBackFreedMemory } from '../../../src-main/engine/rpc/freed-memory'

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
