import { readU32Le } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { Likelihood } from '../../core/likelihood'
import { isSkippableFrame } from '../stream/skippable-frame'
import { streamContainer } from '../stream/stream-container'
import { decodeZstd, isZstdFrame } from '../stream/zstd-stream'

/** Skippable frames that may come before the first real one. */
const SKIPPABLE_LIMIT = 64

/** RFC 8878 3.1.1; pzstd and others begin with frames to be skipped (3.1.2). */
export const zstd = streamContainer({
  id: 'zstd',
  extension: 'zst',
  probe: ({ head }) =>
    isZstdFrame(head) ? Likelihood.sure : isSkippableFrame(head) ? Likelihood.maybe : Likelihood.no,
  decode: decodeZstd,
  isStream: async (source: ByteSource) => {
    for (let frame = 0, at = 0; frame < SKIPPABLE_LIMIT; frame++) {
      const bytes = await source.read(at, 8)
      if (bytes.byteLength < 4) return false
      if (isZstdFrame(bytes)) return true
      if (!isSkippableFrame(bytes)) return false
      at += 8 + readU32Le(bytes, 4)
    }
    return false
  },
})
