import type { DiagnosticLog } from '../../core/diagnostic-log'
import { SECTOR_LIMIT, type Track } from './disc-layout'

/** Sectors that a track has as its sheet says, whether or not its file holds them. */
export function statedSectors({ statedSectorCount, sectorCount }: Track): number {
  return Math.max(statedSectorCount ?? 0, sectorCount)
}

/** How many sectors a track has, where its file may hold fewer than its sheet says. */
export function sectorCounts(there: number, stated: number): Pick<Track, 'sectorCount' | 'statedSectorCount'> {
  // Longer than any disc is no length.
  if (stated > SECTOR_LIMIT) return { sectorCount: there }
  return stated > there ? { sectorCount: there, statedSectorCount: stated } : { sectorCount: Math.min(there, stated) }
}

/** Says which tracks lack sectors. What that costs is said by the tracks themselves, and by the files that lie there. */
export function reportShortTracks(tracks: readonly Track[], log: DiagnosticLog): void {
  for (const track of tracks) {
    const stated = statedSectors(track)
    const missing = stated - track.sectorCount
    if (isLost(track)) {
      const what = stated > 0 ? `its ${stated} sectors` : 'it'
      log.recovered(
        'TRACK_PAST_END',
        `Track ${track.number} lies behind the end of its file: none of ${what} is there.`,
      )
    } else if (missing > 0)
      log.recovered(
        'TRACK_CUT_SHORT',
        `The file of track ${track.number} is too short: ${missing} of the track’s ${stated} sectors are missing.`,
      )
  }
}

/** Whether nothing of a track is there. No track is empty: the shortest lasts four seconds (IEC 60908). */
export function isLost(track: Track): boolean {
  return track.soundFile === undefined ? track.sectorCount <= 0 : track.soundFile.missingByteLength === Infinity
}
