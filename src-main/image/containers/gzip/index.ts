import { sureIf } from '../../core/likelihood'
import { streamContainer } from '../stream/stream-container'
import { decodeGzip } from '../stream/gzip-stream'

/** RFC 1952 2.3.1: two bytes of identification, and the one method there is. */
export const gzip = streamContainer({
  id: 'gzip',
  extension: 'gz',
  probe: ({ head }) => sureIf(head[0] === 0x1f && head[1] === 0x8b && head[2] === 8),
  decode: decodeGzip,
})
