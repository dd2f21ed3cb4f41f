import { Likelihood } from '../../core/likelihood'
import type { Container } from '../container'
import { openDisc } from '../disc/open-disc'
import { descriptionPlace, readJuggler } from './juggler'

const TAIL_LENGTH = 512

/** DiscJuggler: the tracks, and behind them their description, found from the file's end. */
export const cdi: Container = {
  id: 'cdi',
  // Four bytes that may stand at the end of anything.
  probe: ({ tail, byteLength }) => (descriptionPlace(tail, byteLength) === null ? Likelihood.no : Likelihood.maybe),
  open: async (source, { log }) => {
    const tail = await source.read(Math.max(0, source.byteLength - TAIL_LENGTH), TAIL_LENGTH)
    const place = descriptionPlace(tail, source.byteLength)
    if (place === null) return null
    return openDisc('cdi', await readJuggler(source, place, log), log)
  },
}
