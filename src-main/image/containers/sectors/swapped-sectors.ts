import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { SwappedSource } from '../../core/sources/swapped-source'
import { TolerantSource } from '../../core/sources/tolerant-source'
import { SYNC } from './sector-check'

const SWAPPED_SYNC = SYNC.map((_, index) => SYNC[index ^ 1])
const STRIDES = [2352, 2448]

/**
 * Sectors of a CD whose bytes are swapped in pairs, as they come off a drive that takes them for samples, the right way
 * round; whatever else it is, as it is. Only the sync marks tell (ECMA-130 14.1): no sheet says it of data.
 * @param name of the file, for the diagnostic
 */
export async function rightWayRound(source: ByteSource, name: string, log: DiagnosticLog): Promise<ByteSource> {
  const bytes = await new TolerantSource(source, log).read(0, 2448 + SYNC.length)
  const isSwapped = (at: number): boolean => SWAPPED_SYNC.every((byte, index) => bytes[at + index] === byte)
  if (!isSwapped(0) || !(STRIDES.includes(source.byteLength) || STRIDES.some(isSwapped))) return source
  log.warn(
    'SECTORS_SWAPPED',
    `The bytes in the sectors of “${name}” are swapped in pairs. They are read the right way round.`,
  )
  return new SwappedSource(source, true)
}
