import { matchesAscii } from '../../core/byte-reader'
import { sureIf } from '../../core/likelihood'
import { streamContainer } from '../stream/stream-container'
import { decodeBzip2 } from '../stream/bzip2'

/** The stream's mark and, behind the block size, that of its first block, or of its end: the first of several may be empty. */
export const bzip2 = streamContainer({
  id: 'bzip2',
  extension: 'bz2',
  probe: ({ head }) =>
    sureIf(matchesAscii(head, 0, 'BZh') && (matchesAscii(head, 4, '1AY&SY') || matchesAscii(head, 4, '\x17rE8P\x90'))),
  decode: decodeBzip2,
})
