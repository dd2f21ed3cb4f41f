import fs from 'node:fs'
import { promisify } from 'node:util'
import type { FuseServer } from './server'

const read = promisify(fs.read)
/** More than any request of a file system that nobody writes to; the kernel wants 8 KiB at least. */
const REQUEST_LIMIT = 64 << 10
/** How many answers may be on their way: each has up to 1 MiB of its own. */
const PENDING_LIMIT = 16
/** The request was taken back while it was read or answered. */
const TAKEN_BACK = new Set(['ENOENT', 'EINTR', 'EAGAIN'])
/** Unmounted, or cut off. */
const ENDED = new Set(['ENODEV', 'ECONNABORTED', 'ENOTCONN', 'EBADF'])

/**
 * Answers the kernel until the file system is unmounted. It waits in read(2) itself as long as no answer is on its way, which
 * keeps this thread to itself and saves a trip through others for each request; so it needs a thread that does nothing else.
 * @param descriptor of /dev/fuse, mounted; stays the caller’s to close
 * @throws the system’s error where the device itself fails
 */
export async function serveRequests(descriptor: number, server: FuseServer): Promise<void> {
  const request = Buffer.allocUnsafeSlow(REQUEST_LIMIT)
  const pending = new Set<Promise<void>>()
  for (;;) {
    if (pending.size >= PENDING_LIMIT) await Promise.race(pending)
    const length = pending.size === 0 ? readNow(descriptor, request) : await readLater(descriptor, request)
    if (length === null) break
    if (length === 0) continue
    const answer = server.handle(request.subarray(0, length))
    if (answer instanceof Promise) {
      const written = answer
        .then((bytes) => {
          write(descriptor, bytes)
        })
        .finally(() => {
          pending.delete(written)
        })
      // Whatever cannot be answered ends with the next read.
      written.catch(() => undefined)
      pending.add(written)
    } else if (answer !== null) write(descriptor, answer)
  }
  await Promise.allSettled(pending)
}

/** 0 where a request was taken back; null at the end. */
function readNow(descriptor: number, into: Buffer): number | null {
  try {
    return fs.readSync(descriptor, into, 0, into.byteLength, null)
  } catch (error) {
    return lengthAfter(error)
  }
}

async function readLater(descriptor: number, into: Buffer): Promise<number | null> {
  try {
    return (await read(descriptor, into, 0, into.byteLength, null)).bytesRead
  } catch (error) {
    return lengthAfter(error)
  }
}

function lengthAfter(error: unknown): number | null {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (TAKEN_BACK.has(code)) return 0
  if (ENDED.has(code)) return null
  throw error
}

function write(descriptor: number, answer: Buffer): void {
  try {
    fs.writeSync(descriptor, answer)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (!TAKEN_BACK.has(code) && !ENDED.has(code)) throw error
  }
}
