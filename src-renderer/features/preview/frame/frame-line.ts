import { isCancelled } from '../../../data/api'
import { readEntry, type PreviewFile } from '../entry-bytes'
import { fromFrame, type FromFrame, type ToFrame } from './messages'

/** The window's side of the line to one frame. */
export interface FrameLine {
  post(message: ToFrame): void
  end(): void
}

type Read = Extract<FromFrame, { type: 'read' }>

/** Reads that a frame may have under way; no preview wants more, and whoever does gets nothing. */
const READS_AT_MOST = 64

/**
 * Hands a frame its end of the line, on which it gets bytes of this one file and nothing else. What it says is checked.
 * @param hear everything that is not about bytes
 * @param fail why bytes could not be had
 */
export function openLine(
  frame: Window,
  file: PreviewFile,
  receive: (message: Exclude<FromFrame, { type: 'read' | 'forget' }>) => void,
  fail: (error: unknown) => void,
): FrameLine {
  const { port1: port, port2 } = new MessageChannel()
  const reads = new Map<number, AbortController>()
  const post = (message: ToFrame): void => port.postMessage(message)

  port.onmessage = ({ data }) => {
    const message = fromFrame.safeParse(data)
    if (!message.success) return
    if (message.data.type === 'read') void answer(message.data)
    else if (message.data.type === 'forget') reads.get(message.data.id)?.abort()
    else receive(message.data)
  }
  frame.postMessage(null, '*', [port2])

  async function answer({ id, byteOffset, byteLength }: Read): Promise<void> {
    if (reads.size >= READS_AT_MOST || reads.has(id)) {
      post({ type: 'bytes', id, bytes: null })
      return
    }
    const reading = new AbortController()
    reads.set(id, reading)
    try {
      post({ type: 'bytes', id, bytes: await readEntry(file, byteOffset, byteLength, reading.signal) })
    } catch (error) {
      if (isCancelled(error)) return
      fail(error)
      post({ type: 'bytes', id, bytes: null })
    } finally {
      reads.delete(id)
    }
  }

  function end(): void {
    port.close()
    for (const reading of reads.values()) reading.abort()
  }

  return { post, end }
}
