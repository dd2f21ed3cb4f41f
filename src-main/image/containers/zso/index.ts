import { matchesAscii } from '../../core/byte-reader'
import { sureIf } from '../../core/likelihood'
import type { Container } from '../container'
import { openCompressedBlocks } from '../blocks/compressed-blocks'

/** ZISO: as CISO, its blocks packed by LZ4. */
export const zso: Container = {
  id: 'zso',
  probe: ({ head }) => sureIf(matchesAscii(head, 0, 'ZISO')),
  open: async (source, { name }) => {
    const blocks = await openCompressedBlocks(source, name)
    return blocks && { blocks, labels: ['zso'] }
  },
}
