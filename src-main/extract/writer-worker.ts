import fs from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { WINDOW_BYTES } from './packed-files'
import { writeSmallFiles, type SmallFiles } from './small-files'

/** The helping hand of an extraction: writes batches until it is ended. Descriptors are shared by all threads. */
const window = Buffer.allocUnsafeSlow(WINDOW_BYTES)

parentPort?.on('message', ({ descriptor, batch }: { descriptor: number; batch: SmallFiles }) => {
  const readInto = (target: Uint8Array, byteOffset: number): number => {
    let count = 0
    while (count < target.byteLength) {
      const n = fs.readSync(descriptor, target, count, target.byteLength - count, byteOffset + count)
      if (n === 0) break
      count += n
    }
    return count
  }
  parentPort?.postMessage(writeSmallFiles(batch, readInto, window))
})
