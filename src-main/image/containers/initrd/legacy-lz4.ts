import { unpackLz4 } from '../../codecs/lz4'
import { readU32Le } from '../../core/byte-reader'
import { StreamError, type StreamInput, type StreamReport } from '../stream/stream-input'

/** The old frame of LZ4 (`lz4 -l`), which Linux reads: blocks of up to 8 MiB without an end. */
export const LEGACY_LZ4_MAGIC = '\x02\x21\x4c\x18'
const MAGIC = 0x184c2102
const BLOCK_LENGTH = 8 << 20
/** What does not compress gets longer by a 255th and 16 bytes. */
const PACKED_LIMIT = BLOCK_LENGTH + Math.floor(BLOCK_LENGTH / 255) + 16

export async function* decodeLegacyLz4(input: StreamInput, report: StreamReport): AsyncGenerator<Uint8Array> {
  await input.take(4)
  report.begins()
  for (;;) {
    const bytes = await input.peek(4)
    if (bytes.byteLength < 4) return
    const length = readU32Le(bytes, 0)
    if (length === MAGIC) {
      input.skip(4)
      continue
    }
    // Whatever cannot be the length of a block belongs to something else.
    if (length === 0 || length > PACKED_LIMIT) return
    input.skip(4)
    const packed = await input.take(length)
    try {
      yield unpackLz4(packed, BLOCK_LENGTH)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw new StreamError('damaged', 'An LZ4 block is damaged.')
    }
  }
}
