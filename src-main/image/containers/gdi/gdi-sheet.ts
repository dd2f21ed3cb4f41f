import type { DiscLayout, Track } from '../disc/disc-layout'
import type { SheetFiles } from '../disc/sheet-files'
import { LONGEST_PAUSE } from '../disc/pause'
import { HIGH_DENSITY_START } from '../disc/track-address'
import { trueLayout } from '../sectors/true-layout'

interface GdiTrack {
  number: number
  startSector: number
  isAudio: boolean
  stride: number
  file: string
  byteOffset: number
}

/** A Dreamcast disc's sheet (.gdi): a count, then a line a track. Empty where the text is none. */
export function parseGdi(text: string): GdiTrack[] {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '')
  const count = /^\s*(\d{1,2})\s*$/.exec(lines[0] ?? '')
  if (count === null) return []
  const tracks: GdiTrack[] = []
  for (const line of lines.slice(1, 1 + Number(count[1]))) {
    const fields = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(?:"([^"]+)"|(.*\S))\s+(-?\d+)\s*$/.exec(line)
    if (fields === null) return []
    const stride = Number(fields[4])
    if (![2048, 2336, 2352, 2448].includes(stride)) return []
    tracks.push({
      number: Number(fields[1]),
      startSector: Number(fields[2]),
      // Bit 2 of the control field: a data track (ECMA-130 22.3.1).
      isAudio: (Number(fields[3]) & 4) === 0,
      stride,
      file: fields[5] ?? fields[6] ?? '',
      byteOffset: Math.max(0, Number(fields[7])),
    })
  }
  return tracks
}

function sessionOf({ startSector }: GdiTrack): number {
  return startSector >= HIGH_DENSITY_START ? 2 : 1
}

/** Opens the files that a .gdi names. It states where on the disc each track lies. */
export async function openGdi(sheet: readonly GdiTrack[], files: SheetFiles): Promise<DiscLayout> {
  const tracks: Track[] = []
  for (const [index, track] of sheet.entries()) {
    const source = await files.open(track.file)
    if (source === null) continue
    const { stride, byteOffset } = track
    const hasHeader = !track.isAudio && stride >= 2352
    const stated = { stride, dataOffset: hasHeader ? 16 : stride === 2336 ? 8 : 0, hasHeader }
    const named = `track ${track.number}`
    const { layout, isAudio } = await trueLayout(source, byteOffset, stated, track.isAudio, named, files.log)
    const next = sheet[index + 1]
    const rest = Math.max(0, Math.floor((source.byteLength - byteOffset) / layout.stride))
    const session = sessionOf(track)
    const toNext = next !== undefined && sessionOf(next) === session ? next.startSector - track.startSector : null
    const isShared = next?.file === track.file
    // Beside one file a track: what lies between this one's sound and the next track is a pause, or missing.
    const isCut = isAudio && !isShared && toNext !== null && toNext - rest > LONGEST_PAUSE
    tracks.push({
      number: track.number,
      session,
      isAudio,
      startSector: track.startSector,
      sectorCount: isShared ? Math.max(0, Math.min(rest, next.startSector - track.startSector)) : rest,
      ...(isCut ? { statedSectorCount: toNext - LONGEST_PAUSE } : {}),
      isPlaceStated: true,
      source,
      byteOffset,
      layout,
    })
  }
  return { tracks, sources: files.sources }
}
