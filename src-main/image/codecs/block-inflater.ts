import { constants, createInflate, inflateSync, type Inflate } from 'node:zlib'

/** What Node's decoders have, though its types do not say so: one call that is through when it returns. */
interface SynchronousInflate {
  _handle?: { close: () => void } | null
  _processChunk?: (chunk: Uint8Array, flush: number) => Uint8Array
}

/**
 * Unpacks one zlib stream after another into the same memory. `inflateSync` makes a decoder and a buffer for each call,
 * which for blocks of 32 KiB costs as much as half of the unpacking; so the decoder is kept, as npm's own reader of
 * packages does. Where this Node lets none be kept, each block has its own.
 */
export class BlockInflater {
  private decoder: (Inflate & SynchronousInflate) | null = null

  /** @param blockLength of an unpacked block, in bytes */
  constructor(private readonly blockLength: number) {}

  /**
   * @returns the unpacked bytes, good until the next call
   * @throws zlib's error where they do not unpack, or are more than a block
   */
  inflate(packed: Uint8Array): Uint8Array {
    const { blockLength } = this
    // A byte more than the block, so that the decoder sees the end without asking for another buffer.
    const options = { maxOutputLength: blockLength, chunkSize: Math.max(64, blockLength + 1) }
    const decoder: Inflate & SynchronousInflate = (this.decoder ??= createInflate(options))
    const handle = decoder._handle
    if (!decoder._processChunk || !handle) return inflateSync(packed, options)
    // It would be closed at the end of the call, which ends it for good.
    const { close } = handle
    handle.close = () => undefined
    let bytes: Uint8Array
    try {
      bytes = decoder._processChunk(packed, constants.Z_FINISH)
    } catch (error) {
      handle.close = close
      this.decoder = null
      throw error
    }
    handle.close = close
    decoder._handle = handle
    decoder.removeAllListeners('error')
    decoder.reset()
    return bytes
  }
}
