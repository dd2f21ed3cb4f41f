import { parentPort } from 'node:worker_threads'
import { packBatch, type Batch } from './batch'

/** A thread that packs batches, each answered in its turn. */
parentPort?.on('message', (batch: Batch) => {
  parentPort?.postMessage(packBatch(batch))
})
