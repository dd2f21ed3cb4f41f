/** After the last thread has ended: what ends at once with others is given back with them. In milliseconds. */
const QUIET = 5000
/** Threads. What fewer have left is used again by the next ones, and not worth going through all heaps. */
const ENOUGH = 8

let endedCount = 0
let timer: NodeJS.Timeout | undefined

/** To be told whenever a thread of the engine has ended: when many have, what they had is given back some time later. */
export function threadHasEnded(): void {
  endedCount++
  clearTimeout(timer)
  if (endedCount < ENOUGH) return
  timer = setTimeout(() => {
    endedCount = 0
    void giveBackFreedMemory()
  }, QUIET)
  timer.unref()
}

/**
 * Gives back to the system what lies free between other blocks in glibc’s heaps. Every thread takes some megabytes of small
 * blocks there for its own V8, and glibc keeps their pages for good once they are free: of fifty images that were open,
 * 300 MB stayed. Only malloc_trim(3) gives them back; nothing in Node calls it.
 * @returns whether there was anything to give back; false too where the C library is another or cannot be called
 */
export async function giveBackFreedMemory(): Promise<boolean> {
  if (process.platform !== 'linux') return false
  try {
    const { default: koffi } = await import('koffi')
    const trim = koffi.load('libc.so.6').func('int malloc_trim(size_t)')
    // On a thread of its own: going through all heaps takes up to some hundred milliseconds.
    return await new Promise<boolean>((resolve) => {
      trim.async(0, (error: unknown, given: number) => {
        resolve(error === null && given === 1)
      })
    })
  } catch {
    return false
  }
}
