import type { createInflateRaw, createZstdDecompress } from 'node:zlib'
import { StreamError } from './stream-input'

type Decoder = ReturnType<typeof createInflateRaw> | ReturnType<typeof createZstdDecompress>

/** Compressed pieces of one frame, one behind the other. */
export interface Pieces {
  /** The next piece; empty where there is no more. */
  next(): Promise<Uint8Array>
  /** How many bytes of the piece the decoder used up; fewer than it has where the frame ends in it. */
  used(byteLength: number): void
}

/**
 * Runs one frame through a decoder of the system. It ends where the frame does or the pieces do; what was unpacked by
 * then is given out either way, which the decoder's own way of finishing does not do.
 * @throws {StreamError} `damaged`
 */
export async function* pumpFrame(decoder: Decoder, pieces: Pieces): AsyncGenerator<Uint8Array> {
  const closed = new Promise<void>((resolve) => decoder.once('close', resolve))
  const write = (bytes: Uint8Array): Promise<void> =>
    Promise.race([
      closed,
      new Promise<void>((resolve) => {
        decoder.write(bytes, () => {
          resolve()
        })
      }),
    ])
  const feed = async (): Promise<void> => {
    for (;;) {
      const piece = await pieces.next()
      if (piece.byteLength === 0) break
      const before = decoder.bytesWritten
      await write(piece)
      if (decoder.destroyed) return
      const used = decoder.bytesWritten - before
      pieces.used(used)
      if (used < piece.byteLength) return
    }
    if (!decoder.readableEnded) decoder.push(null)
  }
  const feeding = feed().catch((error: unknown) => {
    decoder.destroy(error instanceof Error ? error : new Error(String(error)))
  })
  let problem: unknown = null
  try {
    for await (const chunk of decoder) yield chunk as Uint8Array
    await feeding
  } catch (error) {
    problem = error
  } finally {
    decoder.destroy()
    await feeding
  }
  if (problem === null) return
  const code = (problem as { code?: unknown }).code
  const isOfDecoder = typeof code === 'string' && /^(?:Z_|ZSTD_|ERR_ZSTD|ERR_ZLIB)/.test(code)
  if (isOfDecoder) throw new StreamError('damaged', 'The compressed data are damaged.')
  throw problem as Error
}
