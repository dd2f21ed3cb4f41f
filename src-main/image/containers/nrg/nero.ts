import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { DiscLayout, Track } from '../disc/disc-layout'
import type { SectorLayout } from '../sectors/raw-sectors'
import { sectorOfBcd, sessionGap, settlePlaces } from '../disc/track-address'

const CHUNK_LIMIT = 4096
const TABLE_LIMIT = 1 << 20
const TRACK_LIMIT = 99

/**
 * Where the chunks of a Nero image begin, or −1: the file's end says so, `NER5` with 64 bits and `NERO` with 32.
 * @param tail the end of the file, of 12 bytes or more
 */
export function neroChunkOffset(tail: Uint8Array, byteLength: number): number {
  if (tail.byteLength < 12) return -1
  const end = new ByteReader(tail.subarray(-12))
  const offset = end.matches(0, 'NER5') ? end.u64Be(4) : end.matches(4, 'NERO') ? end.u32Be(8) : -1
  return offset < byteLength ? offset : -1
}

const LAYOUTS: Record<number, SectorLayout & { isAudio?: boolean }> = {
  0x00: { stride: 2048, dataOffset: 0, hasHeader: false },
  0x02: { stride: 2048, dataOffset: 0, hasHeader: false },
  0x03: { stride: 2336, dataOffset: 8, hasHeader: false },
  0x05: { stride: 2352, dataOffset: 16, hasHeader: true },
  0x06: { stride: 2352, dataOffset: 24, hasHeader: true },
  0x07: { stride: 2352, dataOffset: 0, hasHeader: false, isAudio: true },
  0x0f: { stride: 2448, dataOffset: 16, hasHeader: true },
  0x10: { stride: 2448, dataOffset: 0, hasHeader: false, isAudio: true },
  0x11: { stride: 2448, dataOffset: 24, hasHeader: true },
}

interface Place {
  number: number
  /** Of index 0 and index 1, and the end, in bytes. */
  pregap: number
  start: number
  end: number
  mode: number
  stride: number
  /** Sector on the disc; −1 where the chunk does not say. */
  sector: number
}

/** Nero Burning ROM: tracks in one file, described by chunks behind them. */
export async function readNero(source: ByteSource, chunkOffset: number, log: DiagnosticLog): Promise<DiscLayout> {
  const reader = new ByteReader(await source.read(chunkOffset, Math.min(TABLE_LIMIT, source.byteLength - chunkOffset)))
  const sessions: Place[][] = []
  const addresses = new Map<number, number>()
  let at = 0
  for (let count = 0; count < CHUNK_LIMIT && reader.has(at, 8); count++) {
    const id = reader.latin1(at, 4)
    const length = reader.u32Be(at + 4)
    const body = reader.sub(at + 8, length)
    if (id === 'END!') break
    if (id === 'CUEX' || id === 'CUES') readAddresses(body, id === 'CUES', addresses)
    const known = sessions.reduce((sum, places) => sum + places.length, 0)
    if (id === 'DAOX' || id === 'DAOI') sessions.push(readDiscAtOnce(body, id === 'DAOX', known))
    if (id === 'ETN2' || id === 'ETNF') sessions.push(readTrackAtOnce(body, id === 'ETN2', known))
    at += 8 + length
  }
  const tracks: Track[] = []
  let end = 0
  for (const [index, places] of sessions.entries()) {
    for (const [position, place] of places.entries()) {
      const layout = LAYOUTS[place.mode] ?? { stride: place.stride || 2048, dataOffset: 0, hasHeader: false }
      const sectorsBetween = (from: number, to: number): number =>
        Math.max(0, Math.floor((Math.min(to, source.byteLength) - from) / layout.stride))
      const stated = addresses.get(place.number) ?? (place.sector >= 0 ? place.sector : undefined)
      const gap = index > 0 && position === 0 ? sessionGap(index) : 0
      // The first track's pause lies before the disc's first address.
      const pregap = tracks.length === 0 || gap > 0 ? 0 : sectorsBetween(place.pregap, place.start)
      const startSector = stated ?? end + gap + pregap
      const sectorCount = sectorsBetween(place.start, place.end)
      const whole = Math.floor((place.end - place.start) / layout.stride)
      tracks.push({
        number: place.number,
        session: index + 1,
        isAudio: layout.isAudio === true,
        startSector,
        sectorCount,
        ...(Number.isFinite(whole) && whole > sectorCount ? { statedSectorCount: whole } : {}),
        isPlaceStated: stated !== undefined,
        source,
        byteOffset: place.start,
        layout,
      })
      end = startSector + sectorCount
    }
  }
  await settlePlaces(tracks, log)
  return { tracks, sources: [source] }
}

/**
 * The addresses of the tracks' first sectors (index 1). The older chunk writes them as minute, second and frame in
 * binary-coded decimals, or as numbers, as the newer one does: where every one can be the former, it is.
 */
function readAddresses(body: ByteReader, isOld: boolean, into: Map<number, number>): void {
  const found: { track: number; address: number; time: number | null }[] = []
  for (let at = 0; body.has(at, 8) && found.length < TRACK_LIMIT * 100; at += 8) {
    const track = (body.u8(at + 1) >> 4) * 10 + (body.u8(at + 1) & 15)
    if (body.u8(at + 2) !== 1 || track < 1 || track > TRACK_LIMIT) continue
    const time = body.u8(at + 4) === 0 ? sectorOfBcd(body.u8(at + 5), body.u8(at + 6), body.u8(at + 7)) : null
    found.push({ track, address: body.u32Be(at + 4) | 0, time })
  }
  const isTime = isOld && found.every(({ time }) => time !== null && time >= 0)
  for (const { track, address, time } of found) {
    const sector = isTime ? (time ?? -1) : address
    if (sector >= 0 && !into.has(track)) into.set(track, sector)
  }
}

function readDiscAtOnce(body: ByteReader, isWide: boolean, known: number): Place[] {
  const places: Place[] = []
  const size = isWide ? 42 : 30
  const number = (at: number, index: number): number =>
    isWide ? body.u64Be(at + 18 + index * 8) : body.u32Be(at + 18 + index * 4)
  // Byte 20 is the number of the session's first track.
  const first = body.u8(20) >= 1 && body.u8(20) <= TRACK_LIMIT ? body.u8(20) : known + 1
  for (let at = 22; body.has(at, size) && places.length < TRACK_LIMIT; at += size) {
    places.push({
      number: first + places.length,
      pregap: number(at, 0),
      start: number(at, 1),
      end: number(at, 2),
      mode: body.u8(at + 14),
      stride: body.u16Be(at + 12),
      sector: -1,
    })
  }
  return places
}

function readTrackAtOnce(body: ByteReader, isWide: boolean, known: number): Place[] {
  const places: Place[] = []
  const size = isWide ? 32 : 20
  for (let at = 0; body.has(at, size) && places.length < TRACK_LIMIT; at += size) {
    const start = isWide ? body.u64Be(at) : body.u32Be(at)
    const length = isWide ? body.u64Be(at + 8) : body.u32Be(at + 4)
    const mode = body.u8(at + (isWide ? 19 : 11))
    const sector = body.u32Be(at + (isWide ? 20 : 12))
    const number = known + places.length + 1
    places.push({ number, pregap: start, start, end: start + length, mode, stride: 2048, sector })
  }
  return places
}
