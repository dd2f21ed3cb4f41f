import { workerData } from 'node:worker_threads'

/**
 * Native code that is loaded while its thread is being ended takes the whole process with it: Node-API has nobody to tell
 * that it failed. So only one of the two goes through at a time: a thread that loads, or whoever ends it.
 */
const FREE = 0
/** By the thread, which loads. */
const TAKEN = 1
/** By whoever ends the thread; for good. */
const CLOSED = 2

/** Under this name in a thread's `workerData`. */
const KEY = 'nativeGate'

/** What a thread is given when it is started. */
export function newNativeGate(): { nativeGate: SharedArrayBuffer } {
  return { [KEY]: new SharedArrayBuffer(4) }
}

/** Loads native code in this thread. Does not return where somebody is ending it already. */
export function loadNative<T>(load: () => T): T {
  const own = (workerData as { [KEY]?: SharedArrayBuffer } | null)?.[KEY]
  if (own === undefined) return load()
  const gate = new Int32Array(own)
  // Nobody opens it again: the thread ends here.
  if (Atomics.compareExchange(gate, 0, FREE, TAKEN) === CLOSED) Atomics.wait(gate, 0, CLOSED)
  try {
    return load()
  } finally {
    Atomics.store(gate, 0, FREE)
    Atomics.notify(gate, 0)
  }
}

/** Resolves when the thread of that gate may be ended: it loads nothing, and will not begin to. May be asked again. */
export async function closeNativeGate({ nativeGate }: { nativeGate: SharedArrayBuffer }): Promise<void> {
  const gate = new Int32Array(nativeGate)
  // A load takes milliseconds; one that hangs does not keep its thread for ever.
  for (let turn = 0; turn < 100 && Atomics.compareExchange(gate, 0, FREE, CLOSED) === TAKEN; turn++)
    await new Promise((resolve) => setTimeout(resolve, 10))
}
