import { decodeGzip } from '../../image/containers/stream/gzip-stream'
import { StreamError, StreamInput } from '../../image/containers/stream/stream-input'
import type { DeepKind } from './deep-kind'

const PIECE_BYTES = 1 << 20

/** RFC 1952 2.3.1: each member ends with the CRC-32 of what it unpacks to, and its length. */
export const gzip: DeepKind = {
  probe: (head) => head[0] === 0x1f && head[1] === 0x8b && head[2] === 8 && ((head[3] ?? 0) & 0xe0) === 0,

  async check(content, checkpoint) {
    let position = 0
    const input = new StreamInput(async () => {
      await checkpoint()
      const bytes = await content.read(position, PIECE_BYTES)
      position += bytes.byteLength
      return bytes
    })
    let problem: string | null = null
    const report = {
      begins: () => undefined,
      suspect: (what: string) => {
        problem ??= `what it unpacks to does not give its own ${what}.`
      },
      trailing: () => undefined,
    }
    try {
      const pieces = decodeGzip(input, report)
      while ((await pieces.next()).done !== true);
    } catch (error) {
      if (!(error instanceof StreamError)) throw error
      return error.kind === 'cut' ? 'it is cut short.' : 'it does not unpack.'
    }
    return problem
  },
}
