import { matchesAscii } from '../../core/byte-reader'
import { sureIf } from '../../core/likelihood'
import type { Container } from '../container'
import { openCompressedBlocks } from '../blocks/compressed-blocks'

/** CISO, versions 1 and 2: blocks deflated (in version 2 also by LZ4) one by one. */
export const cso: Container = {
  id: 'cso',
  probe: ({ head }) => sureIf(matchesAscii(head, 0, 'CISO')),
  open: async (source, { name }) => {
    const blocks = await openCompressedBlocks(source, name)
    return blocks && { blocks, labels: [blocks.format === 'ciso2' ? 'cso-2' : 'cso'] }
  },
}
