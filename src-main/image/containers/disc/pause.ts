import { isAllZero } from '../../core/byte-reader'
import { hasSync } from '../sectors/sector-check'
import type { Track } from './disc-layout'

/** A pause between data and sound takes two to three seconds (ECMA-130 20.2), in sectors. */
export const LONGEST_PAUSE = 225
const SHORTEST_PAUSE = 140

/**
 * Takes the pause of a sound track from the end of the data track before it, where a sheet tells only where the sound
 * itself begins: its sectors are sound, and no data that are damaged.
 */
export async function cutPauses(tracks: readonly Track[]): Promise<void> {
  for (const track of tracks) {
    const end = track.byteOffset + track.sectorCount * track.layout.stride
    const next = tracks.find((other) => other.source === track.source && other.byteOffset === end && other.isAudio)
    if (next === undefined || track.isAudio || !track.layout.hasHeader) continue
    track.sectorCount -= await pauseBefore(track, end)
  }
}

/** Sectors without sync at the end of a data track; 0 where they are too many to be a pause, or too few and not silent. */
async function pauseBefore({ source, sectorCount, layout: { stride } }: Track, end: number): Promise<number> {
  const looked = Math.min(sectorCount, LONGEST_PAUSE + 1)
  const bytes = await source.read(end - looked * stride, looked * stride)
  let count = 0
  while (count < looked && !hasSync(bytes, (looked - count - 1) * stride)) count++
  if (count > LONGEST_PAUSE) return 0
  return count >= SHORTEST_PAUSE || isAllZero(bytes.subarray((looked - count) * stride)) ? count : 0
}
