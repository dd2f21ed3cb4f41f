import { ByteReader, matchesAscii } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { SliceSource } from '../../core/sources/slice-source'
import { TolerantSource } from '../../core/sources/tolerant-source'
import type { DiscLayout, Track } from '../disc/disc-layout'
import type { SectorLayout } from '../sectors/raw-sectors'
import { sectorOfBcd, sessionGap, settlePlaces } from '../disc/track-address'
import { trueLayout } from '../sectors/true-layout'

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

/**
 * How a track's sectors lie, by its mode and the length that its chunk gives them. MagicISO writes the modes of blocks for
 * raw sectors: where the two do not agree, the length is right.
 */
function statedLayout({ mode, stride }: Place): SectorLayout & { isAudio?: boolean } {
  const known = LAYOUTS[mode]
  if (known !== undefined && (stride === 0 || stride === known.stride)) return known
  const isSecond = mode === 0x02 || mode === 0x03 || mode === 0x06 || mode === 0x11
  if (known?.isAudio === true) return { ...known, stride }
  if (stride >= 2352) return { stride, dataOffset: isSecond ? 24 : 16, hasHeader: true }
  return { stride: stride || 2048, dataOffset: stride === 2336 ? 8 : 0, hasHeader: false }
}

interface Place {
  number: number
  /** Of index 0 and index 1, and the end, in bytes. */
  pregap: number
  start: number
  end: number
  mode: number
  /** Bytes of a sector; 0 where the chunk does not say. */
  stride: number
  /** Sector on the disc; −1 where the chunk does not say. */
  sector: number
}

/** Nero Burning ROM: tracks in one file, described by chunks behind them. */
export async function readNero(source: ByteSource, chunkOffset: number, log: DiagnosticLog): Promise<DiscLayout> {
  const reader = new ByteReader(await source.read(chunkOffset, Math.min(TABLE_LIMIT, source.byteLength - chunkOffset)))
  const { sessions, addresses, isCut } = readChunks(reader)
  if (isCut && sessions.some((places) => places.length > 0))
    log.damage('DISC_METADATA_DAMAGED', 'What the image says of its tracks is cut: some may be missing.')
  const tracks: Track[] = []
  let end = 0
  for (const [index, places] of sessions.entries()) {
    for (const [position, place] of places.entries()) {
      const stated = statedLayout(place)
      const isSound = stated.isAudio === true
      const named = `track ${place.number}`
      const { layout, isAudio } = await trueLayout(source, place.start, stated, isSound, named, log)
      const sectorsBetween = (from: number, to: number): number =>
        Math.max(0, Math.floor((Math.min(to, source.byteLength) - from) / layout.stride))
      const address = addresses.get(place.number) ?? (place.sector >= 0 ? place.sector : undefined)
      const gap = index > 0 && position === 0 ? sessionGap(index) : 0
      // The first track's pause lies before the disc's first address.
      const pregap = tracks.length === 0 || gap > 0 ? 0 : sectorsBetween(place.pregap, place.start)
      const startSector = address ?? end + gap + pregap
      const sectorCount = sectorsBetween(place.start, place.end)
      const whole = Math.floor((place.end - place.start) / layout.stride)
      tracks.push({
        number: place.number,
        session: index + 1,
        isAudio,
        startSector,
        sectorCount,
        ...(Number.isFinite(whole) && whole > sectorCount ? { statedSectorCount: whole } : {}),
        isPlaceStated: address !== undefined,
        source,
        byteOffset: place.start,
        layout,
      })
      end = startSector + (Number.isFinite(whole) ? Math.max(whole, sectorCount) : sectorCount)
    }
  }
  await settlePlaces(tracks, log)
  return { tracks, sources: [source] }
}

/** What the chunks say, up to the end of the file. Those that say nothing about places are passed over. */
function readChunks(reader: ByteReader): { sessions: Place[][]; addresses: Map<number, number>; isCut: boolean } {
  const sessions: Place[][] = []
  const addresses = new Map<number, number>()
  let isCut = false
  let at = 0
  for (let count = 0; count < CHUNK_LIMIT && reader.has(at, 8); count++) {
    const id = reader.latin1(at, 4)
    // The file's own end stands where a writer has left out the chunk that ends the others.
    if (id === 'END!' || id === 'NER5' || id === 'NERO') break
    const length = reader.u32Be(at + 4)
    isCut ||= !reader.has(at + 8, length)
    const body = reader.sub(at + 8, length)
    if (id === 'CUEX' || id === 'CUES') readAddresses(body, id === 'CUES', addresses)
    const known = sessions.reduce((sum, places) => sum + places.length, 0)
    if (id in DISC_AT_ONCE) {
      const size = DISC_AT_ONCE[id] ?? 1
      sessions.push(readDiscAtOnce(body, size, known))
      isCut ||= (length - DISC_AT_ONCE_HEADER) % size !== 0
    }
    if (id in TRACK_AT_ONCE) {
      const size = TRACK_AT_ONCE[id] ?? 1
      sessions.push(readTrackAtOnce(body, size, known))
      isCut ||= length % size !== 0
    }
    at += 8 + length
  }
  return { sessions, addresses, isCut }
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

const DISC_AT_ONCE_HEADER = 22
/** Bytes of a track in the chunk of a session that was written at once, and in that of one written track by track. */
const DISC_AT_ONCE: Partial<Record<string, number>> = { DAOI: 30, DAOX: 42 }
const TRACK_AT_ONCE: Partial<Record<string, number>> = { TINF: 12, ETNF: 20, ETN2: 32 }

function readDiscAtOnce(body: ByteReader, size: number, known: number): Place[] {
  const places: Place[] = []
  const isWide = size === DISC_AT_ONCE.DAOX
  const number = (at: number, index: number): number =>
    isWide ? body.u64Be(at + 18 + index * 8) : body.u32Be(at + 18 + index * 4)
  // Byte 20 is the number of the session's first track.
  const first = body.u8(20) >= 1 && body.u8(20) <= TRACK_LIMIT ? body.u8(20) : known + 1
  for (let at = DISC_AT_ONCE_HEADER; body.has(at, size) && places.length < TRACK_LIMIT; at += size) {
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

function readTrackAtOnce(body: ByteReader, size: number, known: number): Place[] {
  const places: Place[] = []
  const isWide = size === TRACK_AT_ONCE.ETN2
  for (let at = 0; body.has(at, size) && places.length < TRACK_LIMIT; at += size) {
    const start = isWide ? body.u64Be(at) : body.u32Be(at)
    const length = isWide ? body.u64Be(at + 8) : body.u32Be(at + 4)
    const mode = body.u8(at + (isWide ? 19 : 11))
    // The oldest chunk ends with the mode.
    const sector = size === TRACK_AT_ONCE.TINF ? -1 : body.u32Be(at + (isWide ? 20 : 12))
    const number = known + places.length + 1
    places.push({ number, pregap: start, start, end: start + length, mode, stride: 0, sector })
  }
  return places
}

/** A pause of two seconds, which is what images of discs written at once begin with. */
const PAUSE_SECTORS = 150

/**
 * A Nero image whose end is missing, and with it all that describes its tracks: what lies behind the pause that it begins
 * with is taken for its first track. Null where no volume begins there, or one begins where it does in any other image.
 */
export async function readNeroWithoutEnd(source: ByteSource, log: DiagnosticLog): Promise<DiscLayout | null> {
  const tolerant = new TolerantSource(source, log)
  for (const stride of [2048, 2352, 2448, 2336]) {
    for (const byteOffset of [0, PAUSE_SECTORS * stride]) {
      const layout = await layoutOfVolume(new SliceSource(tolerant, byteOffset), stride)
      if (layout === null) continue
      if (byteOffset === 0) return null
      log.damage(
        'DISC_METADATA_DAMAGED',
        'The end of the image is missing, and with it all that it says of its tracks: what lies behind the pause at its beginning is taken for the first one, and others may be missing.',
      )
      const sectorCount = Math.floor((source.byteLength - byteOffset) / stride)
      const track = { number: 1, session: 1, isAudio: false, startSector: 0, sectorCount, source, byteOffset, layout }
      return { tracks: [track], sources: [source] }
    }
  }
  return null
}

/** How sectors of a length lie from the beginning of a source on, where the sixteenth has a volume's first descriptor. */
async function layoutOfVolume(source: ByteSource, stride: number): Promise<SectorLayout | null> {
  const starts = stride < 2336 ? [0] : stride === 2336 ? [8] : [16, 24]
  for (const dataOffset of starts) {
    const bytes = await source.read(16 * stride + dataOffset, 8)
    if (!matchesAscii(bytes, 1, 'CD001') && !matchesAscii(bytes, 1, 'BEA01')) continue
    return { stride, dataOffset, hasHeader: stride >= 2352 }
  }
  return null
}
