import { ByteReader } from '../byte-reader'
import type { ByteSource } from '../byte-source'
import type { DiscLayout, Track } from './disc-layout'
import type { SectorLayout } from './raw-sectors'

const CHUNK_LIMIT = 4096
const TABLE_LIMIT = 1 << 20

/** Where the chunks of a Nero image begin, or −1: the file's end says so, `NER5` with 64 bits and `NERO` with 32. */
export async function neroChunkOffset(source: ByteSource): Promise<number> {
  if (source.byteLength < 12) return -1
  const end = new ByteReader(await source.read(source.byteLength - 12, 12))
  const offset = end.matches(0, 'NER5') ? end.u64Be(4) : end.matches(4, 'NERO') ? end.u32Be(8) : -1
  return offset < source.byteLength ? offset : -1
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
  start: number
  end: number
  mode: number
  stride: number
  /** Sector on the disc; −1 where the chunk does not say. */
  sector: number
}

/** Nero Burning ROM: tracks in one file, described by chunks behind them. */
export async function readNero(source: ByteSource, chunkOffset: number): Promise<DiscLayout> {
  const reader = new ByteReader(await source.read(chunkOffset, Math.min(TABLE_LIMIT, source.byteLength - chunkOffset)))
  const sessions: Place[][] = []
  const sizes: number[] = []
  let at = 0
  for (let count = 0; count < CHUNK_LIMIT && reader.has(at, 8); count++) {
    const id = reader.latin1(at, 4)
    const length = reader.u32Be(at + 4)
    const body = reader.sub(at + 8, length)
    if (id === 'END!') break
    if (id === 'DAOX' || id === 'DAOI') sessions.push(readDiscAtOnce(body, id === 'DAOX'))
    if (id === 'ETN2' || id === 'ETNF') sessions.push(readTrackAtOnce(body, id === 'ETN2'))
    if (id === 'SINF') sizes.push(body.u32Be(0))
    at += 8 + length
  }
  const tracks: Track[] = []
  let sector = 0
  for (const [index, places] of sessions.entries()) {
    for (const place of places) {
      const layout = LAYOUTS[place.mode] ?? { stride: place.stride, dataOffset: 0, hasHeader: false }
      const sectorCount = Math.max(
        0,
        Math.floor((Math.min(place.end, source.byteLength) - place.start) / layout.stride),
      )
      const startSector = place.sector >= 0 ? place.sector : sector
      tracks.push({
        number: tracks.length + 1,
        session: index + 1,
        isAudio: layout.isAudio === true,
        startSector,
        sectorCount,
        source,
        byteOffset: place.start,
        layout,
      })
      sector = startSector + sectorCount
    }
  }
  return { tracks, sources: [source] }
}

function readDiscAtOnce(body: ByteReader, isWide: boolean): Place[] {
  const places: Place[] = []
  const size = isWide ? 42 : 30
  const number = (at: number, index: number): number =>
    isWide ? body.u64Be(at + 18 + index * 8) : body.u32Be(at + 18 + index * 4)
  for (let at = 22; body.has(at, size) && places.length < 99; at += size) {
    places.push({
      start: number(at, 1),
      end: number(at, 2),
      mode: body.u8(at + 14),
      stride: body.u16Be(at + 12),
      sector: -1,
    })
  }
  return places
}

function readTrackAtOnce(body: ByteReader, isWide: boolean): Place[] {
  const places: Place[] = []
  const size = isWide ? 32 : 20
  for (let at = 0; body.has(at, size) && places.length < 99; at += size) {
    const start = isWide ? body.u64Be(at) : body.u32Be(at)
    const length = isWide ? body.u64Be(at + 8) : body.u32Be(at + 4)
    const mode = body.u8(at + (isWide ? 19 : 11))
    const sector = body.u32Be(at + (isWide ? 20 : 12))
    places.push({ start, end: start + length, mode, stride: 2048, sector })
  }
  return places
}
