import type { ReadBytes } from './archive-types'

/** Packed bytes that are asked for at once. */
const PIECE = 1 << 18
/** What is unpacked to list an archive at most, in bytes: a few seconds of work, and the end of every bomb. */
export const UNPACKED_AT_MOST = 256 * 2 ** 20

export interface Unpacked {
  /** Reads forward only: an offset is never less than the one before. Shorter at the end. */
  read: ReadBytes
  /** Whether the end was not reached because there is too much. */
  isCut: () => boolean
  close: () => Promise<void>
}

/** A gzip file as what is packed in it. The browser itself unpacks; of what was read only the last piece is kept. */
export function gunzipped(byteLength: number, read: ReadBytes, limit = UNPACKED_AT_MOST): Unpacked {
  let packedAt = 0
  const packed = new ReadableStream<BufferSource>({
    async pull(controller) {
      const piece = packedAt < byteLength ? await read(packedAt, Math.min(PIECE, byteLength - packedAt)) : null
      if (!piece || piece.byteLength === 0) {
        controller.close()
        return
      }
      packedAt += piece.byteLength
      controller.enqueue(Uint8Array.from(piece))
    },
  })
  const reader = packed.pipeThrough(new DecompressionStream('gzip')).getReader()
  let kept = new Uint8Array()
  let start = 0
  let isAtEnd = false
  let isCut = false

  async function fill(): Promise<void> {
    // A cut or damaged file is listed as far as it goes.
    const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }))
    if (done || !value) {
      isAtEnd = true
      return
    }
    const longer = new Uint8Array(kept.byteLength + value.byteLength)
    longer.set(kept)
    longer.set(value, kept.byteLength)
    kept = longer
    isCut = start + kept.byteLength >= limit
    isAtEnd = isCut
  }

  return {
    async read(byteOffset, length) {
      for (;;) {
        const passed = Math.min(kept.byteLength, Math.max(0, byteOffset - start))
        kept = kept.subarray(passed)
        start += passed
        if (isAtEnd || start + kept.byteLength >= byteOffset + length) break
        await fill()
      }
      return start < byteOffset ? new Uint8Array() : kept.slice(0, length)
    },
    isCut: () => isCut,
    close: () => reader.cancel().catch(() => undefined),
  }
}
