import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { describe, expect, it, onTestFinished } from 'vitest'
import { closeNativeGate, loadNative, newNativeGate } from '../../../src-main/task'

const GATE = pathToFileURL(path.resolve('src-main/task/native-gate.ts')).href

/** A thread that “loads” for a while, twice, and notes each step in `steps`. */
const WORKER = `
  const { workerData } = require('node:worker_threads')
  const steps = new Int32Array(workerData.steps)
  import(${JSON.stringify(GATE)}).then(({ loadNative }) => {
    for (let round = 0; round < 2; round++) {
      loadNative(() => {
        Atomics.add(steps, 0, 1)
        Atomics.notify(steps, 0)
        Atomics.wait(steps, 1, 0, 150)
        Atomics.add(steps, 0, 1)
      })
      Atomics.wait(steps, 1, 0, 100)
    }
  })
`

describe('a thread that loads native code', () => {
  it('is not ended before it has loaded, and loads nothing once it may be ended', async () => {
    const gate = newNativeGate()
    const steps = new Int32Array(new SharedArrayBuffer(8))
    const worker = new Worker(WORKER, { eval: true, workerData: { ...gate, steps: steps.buffer } })
    onTestFinished(async () => {
      await worker.terminate()
    })
    const { value } = Atomics.waitAsync(steps, 0, 0)
    await value
    expect(Atomics.load(steps, 0)).toBe(1)
    await closeNativeGate(gate)
    expect(Atomics.load(steps, 0)).toBe(2)
    await new Promise((resolve) => setTimeout(resolve, 250))
    expect(Atomics.load(steps, 0)).toBe(2)
    await worker.terminate()
  })

  it('may be ended again without waiting for it', async () => {
    const gate = newNativeGate()
    await closeNativeGate(gate)
    const begun = performance.now()
    await closeNativeGate(gate)
    expect(performance.now() - begun).toBeLessThan(500)
  })

  it('outside of such threads it is just loaded', () => {
    expect(loadNative(() => 7)).toBe(7)
  })
})
