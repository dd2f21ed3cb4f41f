// Loaded before the engine, and with it into each of its threads: one that is told the word dies of it, as of a fault.
import { isMainThread, parentPort } from 'node:worker_threads'

const WORD = 'die of this'

if (!isMainThread)
  parentPort?.on('message', (message) => {
    if (JSON.stringify(message)?.includes(WORD)) throw new Error('a thread that was told to die')
  })
