import { Likelihood } from '../../core/likelihood'
import type { Container } from '../container'
import { openDisc } from '../disc/open-disc'
import { neroChunkOffset, readNero, readNeroWithoutEnd } from './nero'

/** Nero Burning ROM: the tracks, and behind them chunks that describe them, found from the file's end. */
export const nrg: Container = {
  id: 'nrg',
  probe: ({ name, tail, byteLength }) => {
    if (neroChunkOffset(tail, byteLength) >= 0) return Likelihood.sure
    return name.toLowerCase().endsWith('.nrg') ? Likelihood.maybe : Likelihood.no
  },
  open: async (source, { log }) => {
    const tail = await source.read(Math.max(0, source.byteLength - 12), 12)
    const offset = neroChunkOffset(tail, source.byteLength)
    if (offset >= 0) return openDisc('nrg', await readNero(source, offset, log), log)
    const rest = await readNeroWithoutEnd(source, log)
    return rest === null ? null : openDisc('nrg', rest, log)
  },
}
