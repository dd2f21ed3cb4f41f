import { matchesAscii } from '../../core/byte-reader'
import { sureIf } from '../../core/likelihood'
import { streamContainer } from '../stream/stream-container'
import { decodeXz } from '../../codecs/xz/xz-stream'

/** The .xz file format 2.1.1.1. */
export const xz = streamContainer({
  id: 'xz',
  extension: 'xz',
  probe: ({ head }) => sureIf(head[0] === 0xfd && matchesAscii(head, 1, '7zXZ\0')),
  decode: decodeXz,
})
