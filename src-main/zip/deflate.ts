import { constants, deflateRaw, deflateRawSync } from 'node:zlib'
import { promisify } from 'node:util'

const deflate = promisify(deflateRaw)
/** Ends a deflate stream (RFC 1951): one last block with fixed codes, and nothing in it. */
const LAST_BLOCK = Buffer.from([3, 0])
const SMALL_BYTES = 16 << 10
const SAMPLE_BYTES = 16 << 10
/** Below this share, packing pays. */
const WORTHWHILE = 0.98
/** How far back deflate looks, in bytes. */
const WINDOW_BYTES = 32 << 10
/** Pieces that are being packed at a time: what the threads of the system's pool are for. */
const AT_ONCE = 4

/** Packs bytes in one go. For a small piece a small window is enough, and far sooner set up. */
export function deflateWhole(bytes: Uint8Array, level: number): Buffer {
  if (bytes.byteLength > SMALL_BYTES) return deflateRawSync(bytes, { level })
  // Room for all of it at once, and hardly more.
  return deflateRawSync(bytes, { level, windowBits: 14, memLevel: 6, chunkSize: bytes.byteLength + 64 })
}

/**
 * Packs pieces of one stream side by side, on the threads of the system's pool: each knows the end of the one before, and
 * ends at a byte. What would hardly get smaller stands as it is. Yields what is packed, in order.
 * @param chunks must not be written to again once they were given
 */
export async function* deflatePieces(chunks: AsyncIterable<Uint8Array>, level: number): AsyncGenerator<Buffer> {
  const packing: Promise<Buffer>[] = []
  let dictionary: Uint8Array | null = null
  try {
    for await (const chunk of chunks) {
      if (chunk.byteLength === 0) continue
      const options = { level: isWorthPacking(chunk, level) ? level : 0, finishFlush: constants.Z_SYNC_FLUSH }
      const piece = deflate(chunk, dictionary === null ? options : { ...options, dictionary })
      // Awaited in its turn; until then a failure must not count as unhandled.
      piece.catch(() => undefined)
      packing.push(piece)
      dictionary = chunk.subarray(-WINDOW_BYTES)
      if (packing.length >= AT_ONCE) {
        const first = packing.shift()
        if (first) yield await first
      }
    }
    for (const piece of packing) yield await piece
  } finally {
    await Promise.allSettled(packing)
  }
  yield LAST_BLOCK
}

/** Whether packing pays, by samples from a piece. */
function isWorthPacking(bytes: Uint8Array, level: number): boolean {
  const places = [0, bytes.byteLength >> 1, Math.max(0, bytes.byteLength - SAMPLE_BYTES)]
  return places.some((place) => {
    const sample = bytes.subarray(place, place + SAMPLE_BYTES)
    return sample.byteLength > 0 && deflateWhole(sample, level).byteLength < sample.byteLength * WORTHWHILE
  })
}
