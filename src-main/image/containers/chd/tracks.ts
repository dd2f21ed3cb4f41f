import type { ByteSource } from '../../core/byte-source'
import { SwappedSource } from '../../core/sources/swapped-source'
import type { Track } from '../disc/disc-layout'
import { HIGH_DENSITY_START } from '../disc/track-address'
import type { SectorLayout } from '../sectors/raw-sectors'
import { FRAME_LENGTH } from './codecs'
import type { Metadata } from './header'

const TAGS = new Set(['CHTR', 'CHT2', 'CHGD', 'CHGT'])
const GD_TAGS = new Set(['CHGD', 'CHGT'])
/** Frames of each track are filled up to a multiple of this. */
const TRACK_PADDING = 4
const TRACK_LIMIT = 99

/** MAME, `cdrom.cpp`: what lies in the first bytes of a frame. */
const LAYOUTS: Readonly<Record<string, Omit<SectorLayout, 'stride'>>> = {
  MODE1: { dataOffset: 0, hasHeader: false },
  'MODE1/2048': { dataOffset: 0, hasHeader: false },
  MODE1_RAW: { dataOffset: 16, hasHeader: true },
  'MODE1/2352': { dataOffset: 16, hasHeader: true },
  MODE2: { dataOffset: 8, hasHeader: false },
  'MODE2/2336': { dataOffset: 8, hasHeader: false },
  MODE2_FORM1: { dataOffset: 0, hasHeader: false },
  'MODE2/2048': { dataOffset: 0, hasHeader: false },
  MODE2_FORM2: { dataOffset: 0, hasHeader: false },
  MODE2_FORM_MIX: { dataOffset: 8, hasHeader: false },
  MODE2_RAW: { dataOffset: 24, hasHeader: true },
  'MODE2/2352': { dataOffset: 24, hasHeader: true },
  AUDIO: { dataOffset: 0, hasHeader: false },
}

/** The tracks that the metadata describe, one behind the other in the frames. Empty where there are none. */
export function readTracks(metadata: readonly Metadata[], frames: ByteSource): Track[] {
  const tracks: Track[] = []
  // Sound is kept most significant byte first.
  const sound = new SwappedSource(frames)
  const frameCount = Math.floor(frames.byteLength / FRAME_LENGTH)
  let frame = 0
  let sector = 0
  for (const { tag, bytes } of metadata) {
    if (!TAGS.has(tag) || tracks.length === TRACK_LIMIT) continue
    const fields = fieldsOf(bytes)
    const numberOf = (key: string): number => Math.max(0, Number.parseInt(fields.get(key) ?? '0', 10) || 0)
    const type = fields.get('TYPE') ?? ''
    const layout = LAYOUTS[type]
    const stated = numberOf('FRAMES')
    if (layout === undefined || frame + stated > frameCount) break
    const isAudio = type === 'AUDIO'
    // A pause whose type begins so is among the frames; any other is not kept at all.
    const isPauseKept = (fields.get('PGTYPE') ?? '').startsWith('V')
    const pause = Math.min(numberOf('PREGAP'), isPauseKept ? stated : Infinity)
    if (isPauseKept) sector += pause
    else if (tracks.length > 0) sector += pause
    const kept = isPauseKept ? pause : 0
    // What was filled up to the next track's place is no part of this one.
    const padding = GD_TAGS.has(tag) ? Math.min(numberOf('PAD'), stated - kept) : 0
    tracks.push({
      number: numberOf('TRACK') || tracks.length + 1,
      session: GD_TAGS.has(tag) && sector >= HIGH_DENSITY_START ? 2 : 1,
      isAudio,
      startSector: sector,
      sectorCount: stated - kept - padding,
      source: isAudio ? sound : frames,
      byteOffset: (frame + kept) * FRAME_LENGTH,
      layout: { stride: FRAME_LENGTH, ...layout },
    })
    sector += stated - kept + numberOf('POSTGAP')
    frame += Math.ceil(stated / TRACK_PADDING) * TRACK_PADDING
  }
  return tracks
}

/** `KEY:value KEY:value` */
function fieldsOf(bytes: Uint8Array): Map<string, string> {
  const text = new TextDecoder('latin1').decode(bytes).replace(/\0.*$/s, '')
  return new Map([...text.matchAll(/([A-Z0-9]+):(\S*)/g)].map(([, key = '', value = '']) => [key, value]))
}
