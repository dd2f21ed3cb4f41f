import fs from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { WINDOW_BYTES } from './packed-files'
import { writeSmallFiles, type SmallFiles } from './small-files'

/** The helping hand of an extraction: writes batches until it is ended. Descriptors are shared by all threads. */
const { imageDescriptor } = workerData as { imageDescriptor: number }
const window = Buffer.allocUnsafeSlow(WINDOW_BYTES)

function readInto(target: Uint8Array, byteOffset: number): number {
  let count = 0
  while (count < target.byteLength) {
    const n = fs.readSync(imageDescriptor, target, count, target.byteLength - count, byteOffset + count)
    if (n === 0) break
    count += n
  }
  return count
}

parentPort?.on('message', (batch: SmallFiles) => {
  parentPort?.postMessage(writeSmallFiles(batch, readInto, window))
})
