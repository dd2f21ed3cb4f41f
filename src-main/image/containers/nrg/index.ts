import { Likelihood } from '../../core/likelihood'
import type { Container } from '../container'
import { openDisc } from '../disc/open-disc'
import { neroChunkOffset, readNero } from './nero'

/** Nero Burning ROM: the tracks, and behind them chunks that describe them, found from the file's end. */
export const nrg: Container = {
  id: 'nrg',
  probe: ({ tail, byteLength }) => (neroChunkOffset(tail, byteLength) >= 0 ? Likelihood.sure : Likelihood.no),
  open: async (source, { log }) => {
    const tail = await source.read(Math.max(0, source.byteLength - 12), 12)
    const offset = neroChunkOffset(tail, source.byteLength)
    return offset < 0 ? null : openDisc('nrg', await readNero(source, offset, log))
  },
}
