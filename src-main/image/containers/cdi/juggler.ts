import { ByteReader, readU32Le } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { DiscLayout, Track } from '../disc/disc-layout'
import { sessionGap, settlePlaces } from '../disc/track-address'
import type { SectorLayout } from '../sectors/raw-sectors'

const Version = { two: 0x80000004, three: 0x80000005, threePointFive: 0x80000006 } as const
const FOOTER_LENGTH = 8
const DESCRIPTION_LIMIT = 1 << 20
const SESSION_LIMIT = 99
const TRACK_LIMIT = 99
/** Twice this begins each track. */
const TRACK_MARK = [0, 0, 1, 0, 0, 0, 255, 255, 255, 255]
const STRIDES = [2048, 2336, 2352, 2368, 2448] as const
const AUDIO = 0
const MODE_TWO = 2

/** Where the description of the tracks lies, in bytes of the file; null where there is none. @param tail the file's end */
export function descriptionPlace(tail: Uint8Array, byteLength: number): { version: number; byteOffset: number } | null {
  if (tail.byteLength < FOOTER_LENGTH) return null
  const version = readU32Le(tail, tail.byteLength - 8)
  const place = readU32Le(tail, tail.byteLength - 4)
  if (version < Version.two || version > Version.threePointFive || place === 0 || place >= byteLength) return null
  // From version 3.5 on it counts from the end.
  return { version, byteOffset: version === Version.threePointFive ? byteLength - place : place }
}

/** Takes fields one behind the other; past the end they are zeros, and `isPast` says so. */
class Fields {
  at = 0

  constructor(private readonly reader: ByteReader) {}

  u8(): number {
    return this.reader.u8(this.skip(1))
  }

  u16(): number {
    return this.reader.u16Le(this.skip(2))
  }

  u32(): number {
    return this.reader.u32Le(this.skip(4))
  }

  skip(byteLength: number): number {
    const before = this.at
    this.at += byteLength
    return before
  }

  matches(bytes: readonly number[]): boolean {
    const start = this.skip(bytes.length)
    return bytes.every((byte, index) => this.reader.u8(start + index) === byte)
  }

  get isPast(): boolean {
    return this.at > this.reader.byteLength
  }
}

interface TrackFields {
  pregap: number
  length: number
  total: number
  mode: number
  start: number
  stride: number
}

/** DiscJuggler's description of a disc, versions 2 to 4. No tracks where it cannot be one. */
export async function readJuggler(
  source: ByteSource,
  place: { version: number; byteOffset: number },
  log: DiagnosticLog,
): Promise<DiscLayout> {
  const fields = new Fields(new ByteReader(await source.read(place.byteOffset, DESCRIPTION_LIMIT)))
  const tracks: Track[] = []
  let byteOffset = 0
  let end = 0
  const sessions = Math.min(fields.u16(), SESSION_LIMIT)
  for (let session = 1; session <= sessions; session++) {
    const count = fields.u16()
    for (let index = 0; index < count && tracks.length < TRACK_LIMIT; index++) {
      const track = readTrack(fields, place.version)
      if (track === null || fields.isPast) {
        // What describes no track at all was no description.
        if (tracks.length > 0)
          log.damage('DISC_METADATA_DAMAGED', 'What the image says of its tracks is damaged: some may be missing.')
        return finished(tracks, source, log)
      }
      const { pregap, length, total, mode, start, stride } = track
      const data = byteOffset + pregap * stride
      const there = Math.max(0, Math.floor((Math.min(place.byteOffset, source.byteLength) - data) / stride))
      // The first track of a session says where it lies; the others follow it.
      const first = session === 1 ? 0 : end + sessionGap(session - 1)
      const startSector = index === 0 ? (start > 0 || session === 1 ? start : first) : end + pregap
      tracks.push({
        number: tracks.length + 1,
        session,
        isAudio: mode === AUDIO,
        startSector,
        sectorCount: Math.min(length, there),
        ...(there < length ? { statedSectorCount: length } : {}),
        source,
        byteOffset: data,
        layout: layoutOf(mode, stride),
      })
      end = startSector + length
      byteOffset += total * stride
    }
    fields.skip(place.version === Version.two ? 12 : 13)
  }
  return finished(tracks, source, log)
}

async function finished(tracks: Track[], source: ByteSource, log: DiagnosticLog): Promise<DiscLayout> {
  await settlePlaces(tracks, log)
  return { tracks, sources: [source] }
}

/** Null where a track does not begin as one does, or cannot be. */
function readTrack(fields: Fields, version: number): TrackFields | null {
  // Newer versions put fields in, each behind a number that says so.
  if (fields.u32() !== 0) fields.skip(8)
  if (!fields.matches(TRACK_MARK) || !fields.matches(TRACK_MARK)) return null
  fields.skip(4)
  fields.skip(fields.u8())
  fields.skip(19)
  if (fields.u32() === 0x80000000) fields.skip(8)
  fields.skip(2)
  const pregap = fields.u32()
  const length = fields.u32()
  fields.skip(6)
  const mode = fields.u32()
  fields.skip(12)
  const start = fields.u32()
  const total = fields.u32()
  fields.skip(16)
  const stride = STRIDES[fields.u32()]
  fields.skip(29)
  if (version !== Version.two) {
    fields.skip(5)
    if (fields.u32() === 0xffffffff) fields.skip(78)
  }
  if (stride === undefined || mode > MODE_TWO || pregap + length > total) return null
  return { pregap, length, total, mode, start, stride }
}

function layoutOf(mode: number, stride: number): SectorLayout {
  if (mode === AUDIO || stride === 2048) return { stride, dataOffset: 0, hasHeader: false }
  if (stride === 2336) return { stride, dataOffset: 8, hasHeader: false }
  return { stride, dataOffset: mode === MODE_TWO ? 24 : 16, hasHeader: true }
}
