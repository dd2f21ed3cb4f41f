import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { OpenedContainer } from '../container'
import { layoutLabel } from '../sectors/raw-sectors'
import { DiscSource, SECTOR_LIMIT, type DiscLayout } from './disc-layout'
import { reportShortTracks } from './short-tracks'

/** A disc whose tracks are known. Null where it has none. */
export function openDisc(kind: string, layout: DiscLayout, log: DiagnosticLog): OpenedContainer | null {
  // Tracks that lie where no disc reaches are a sheet's lies, and would make the disc as long as it says.
  const tracks = layout.tracks.filter(({ startSector }) => startSector <= SECTOR_LIMIT)
  if (tracks.length === 0) return null
  reportShortTracks(tracks, log)
  const placed = { ...layout, tracks }
  const raw = tracks.find((track) => track.layout.stride !== 2048)
  const labels = raw === undefined ? [kind] : [kind, layoutLabel(raw.layout)]
  return { blocks: new DiscSource(placed), labels, layout: placed, isDisc: true }
}
