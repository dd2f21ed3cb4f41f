import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { readSelfRecord } from '../../core/self-record'
import { trackContent, type Track } from './disc-layout'
import { addressIn, PREGAP } from '../sectors/sector-check'

export { PREGAP, sectorOfBcd } from '../sectors/sector-check'

/** Lead-out of the first session, of later ones, and lead-in (Orange Book, Multisession CD), in sectors. */
const FIRST_LEAD_OUT = 6750
const LATER_LEAD_OUT = 2250
const LEAD_IN = 4500
/** Where the high-density area of a GD-ROM begins. */
export const HIGH_DENSITY_START = 45_000
const SECTOR = 2048
const SYSTEM_AREA_SECTORS = 16
/** Sectors of a volume in which its root directory is looked for. */
const ROOT_SEARCH_SECTORS = 512
/** No disc is addressed beyond 99 minutes, 59 seconds and 74 frames. */
const LAST_SECTOR = 449_849

/** Sectors from the end of session `before` (from 1) to the first track of the next one. */
export function sessionGap(before: number): number {
  return (before === 1 ? FIRST_LEAD_OUT : LATER_LEAD_OUT) + LEAD_IN + PREGAP
}

/**
 * Moves data tracks whose place no sheet states to where what they hold says that they lie: a volume's root directory
 * names its own sector, and so does the header of a raw sector. Tracks behind them move along.
 */
export async function settlePlaces(tracks: readonly Track[], log: DiagnosticLog): Promise<void> {
  let shift = 0
  let end = 0
  for (const track of tracks) {
    if (track.isPlaceStated === true) shift = 0
    else track.startSector += shift
    if (!track.isAudio && track.isPlaceStated !== true && track.startSector > 0) {
      const own = await ownAddress(track)
      if (own !== null && own !== track.startSector && own >= end && own <= LAST_SECTOR) {
        log.note(
          'TRACK_PLACE_FROM_CONTENT',
          `Track ${track.number} says itself that it lies at sector ${own} of the disc, not ${track.startSector}.`,
        )
        shift += own - track.startSector
        track.startSector = own
      }
    }
    end = track.startSector + track.sectorCount
  }
}

async function ownAddress(track: Track): Promise<number | null> {
  return (await volumeAddress(trackContent(track), track.startSector)) ?? (await headerAddress(track))
}

/** Where a volume counts its first block to be; null without one, or where it counts from itself. */
async function volumeAddress(content: ByteSource, assumed: number): Promise<number | null> {
  const descriptor = new ByteReader(await content.read(SYSTEM_AREA_SECTORS * SECTOR, SECTOR))
  if (descriptor.u8(0) !== 1 || !descriptor.matches(1, 'CD001') || descriptor.u16Le(128) !== SECTOR) return null
  const root = descriptor.u32Le(158)
  const isAt = async (address: number): Promise<boolean> =>
    root >= address && readSelfRecord(await content.read((root - address) * SECTOR, SECTOR))?.location === root
  if (await isAt(assumed)) return assumed
  if (await isAt(0)) return assumed
  const bytes = await content.read(SYSTEM_AREA_SECTORS * SECTOR, ROOT_SEARCH_SECTORS * SECTOR)
  for (let at = SECTOR; at + SECTOR <= bytes.byteLength; at += SECTOR) {
    if (readSelfRecord(bytes.subarray(at))?.location === root) return root - SYSTEM_AREA_SECTORS - at / SECTOR
  }
  return null
}

/** The address in a raw sector's header (ECMA-130 14.2). */
async function headerAddress(track: Track): Promise<number | null> {
  if (!track.layout.hasHeader) return null
  return addressIn(await track.source.read(track.byteOffset, 16), 0)
}
