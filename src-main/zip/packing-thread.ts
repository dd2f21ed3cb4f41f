import { Worker } from 'node:worker_threads'
import { packBatch, type Batch, type PackedBatch } from './batch'

interface Asked {
  batch: Batch
  answer: (packed: PackedBatch) => void
}

/** Batches on the way: one that is being packed, one that waits so that the thread never does. */
const AT_ONCE = 2

/** Another thread to pack with, until it is ended. */
export class PackingThread {
  private readonly worker: Worker
  private readonly asked: Asked[] = []
  private isGone = false

  constructor() {
    this.worker = new Worker(new URL('./zip-packing-worker.js', import.meta.url))
    this.worker.on('message', (packed: PackedBatch) => this.asked.shift()?.answer(packed))
    const fail = (): void => {
      this.isGone = true
      // What it was asked is done here: a thread that dies costs time, and nothing else.
      for (const { batch, answer } of this.asked.splice(0)) answer(packBatch(batch))
    }
    this.worker.on('error', fail)
    this.worker.on('exit', fail)
  }

  /** Whether it would begin with a batch before whoever asks could pack it themselves. */
  get isFree(): boolean {
    return !this.isGone && this.asked.length < AT_ONCE
  }

  /** Packs a batch; answers come in the order of the questions. */
  pack(batch: Batch): Promise<PackedBatch> {
    return new Promise((answer) => {
      this.asked.push({ batch, answer })
      this.worker.postMessage(batch)
    })
  }

  async end(): Promise<void> {
    this.asked.splice(0)
    await this.worker.terminate()
  }
}
