import fs from 'node:fs'
import os from 'node:os'
import { Worker } from 'node:worker_threads'

/** Smaller images are extracted before a thread begins to help. */
const WORTH_IT_IMAGE_BYTES = 8 << 20

/** Begun before anybody knew whether it would be wanted. */
let early: Worker | null = null

/**
 * Begins another thread for an extraction of everything in an image. A thread takes longer to start than the program
 * itself: begun before the rest is loaded, it is there when the first file is written.
 * @param imagePath what is small, or cannot be read, begins nothing
 */
export function prewarmWriterThread(imagePath: string): void {
  if (early || os.availableParallelism() < 2) return
  try {
    const { size } = fs.statSync(imagePath)
    if (size < WORTH_IT_IMAGE_BYTES) return
  } catch {
    return // Whoever opens it says why.
  }
  const thread = startWriterThread()
  // The program ends when it is done, whether or not this has been wanted.
  thread.unref()
  const forget = (): void => {
    if (early === thread) early = null
  }
  thread.once('error', forget).once('exit', forget)
  early = thread
}

/** The thread that was begun early, for the first who asks. */
export function takeWriterThread(): Worker | null {
  const taken = early
  early = null
  taken?.ref()
  return taken
}

export function startWriterThread(): Worker {
  return new Worker(new URL('./writer-worker.js', import.meta.url))
}
