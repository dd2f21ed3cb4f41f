import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { DiscLayout, Track } from '../disc/disc-layout'
import { COOKED, type SectorLayout } from '../sectors/raw-sectors'
import { addressIn, PREGAP } from '../sectors/sector-check'
import { trueLayout } from '../sectors/true-layout'

const STRIDE = 2352
const SECTION_LIMIT = 4096

interface Section {
  name: string
  values: Map<string, string>
}

/** Sections of an INI file and their keys, both in lower case. */
function parseIni(text: string): Section[] {
  const sections: Section[] = []
  for (const line of text.split(/\r\n|\r|\n/)) {
    const header = /^\s*\[\s*([^\]]*[^\]\s])\s*\]/.exec(line)
    if (header !== null && sections.length < SECTION_LIMIT)
      sections.push({ name: (header[1] ?? '').toLowerCase().replace(/\s+/g, ' '), values: new Map() })
    const pair = /^\s*([^=;]+?)\s*=\s*(.*?)\s*$/.exec(line)
    if (pair !== null) {
      const key = (pair[1] ?? '').toLowerCase().replace(/\s+/g, ' ')
      sections.at(-1)?.values.set(key, pair[2] ?? '')
    }
  }
  return sections
}

/** Whether a text is such a sheet. */
export function isCloneCd(text: string): boolean {
  return /^\s*\[\s*CloneCD\s*\]/im.test(text)
}

interface Point {
  number: number
  session: number
  start: number
  isAudio: boolean
  /** Sectors of the pause before it, which the image holds. */
  pause: number
}

interface Contents {
  points: Point[]
  /** Where the lead-out of a session begins: point A2 (ECMA-130 22.3.4). */
  leadOuts: Map<number, number>
  /** Fewer entries than the sheet says that it has, or one that is cut. */
  isCut: boolean
}

/** A number as the sheet writes it, decimal or with `0x`; NaN where it is none. */
function numberOf(values: Map<string, string>, key: string): number {
  const text = values.get(key)
  return text === undefined || text === '' ? NaN : Number(text)
}

/** Where an entry says that its point lies: as a sector, else as minute, second and frame. */
function addressOf(values: Map<string, string>): number {
  const address = numberOf(values, 'plba')
  if (Number.isInteger(address)) return address
  const [minute = NaN, second = NaN, frame = NaN] = ['pmin', 'psec', 'pframe'].map((key) => numberOf(values, key))
  return (minute * 60 + second) * 75 + frame - PREGAP
}

function readContents(text: string): Contents {
  const sections = parseIni(text)
  const points: Point[] = []
  const leadOuts = new Map<number, number>()
  const pauses = new Map<number, number>()
  let entries = 0
  let isCut = false
  for (const { name, values } of sections) {
    const index = [0, 1].map((number) => numberOf(values, `index ${number}`))
    const track = /^track (\d+)$/.exec(name)
    if (track !== null && index.every((place) => place >= 0))
      pauses.set(Number(track[1]), Math.max(0, (index[1] ?? 0) - (index[0] ?? 0)))
    if (!name.startsWith('entry')) continue
    entries++
    const number = numberOf(values, 'point')
    const start = addressOf(values)
    const session = numberOf(values, 'session') || 1
    isCut ||= Number.isNaN(number) || Number.isNaN(start)
    if (!Number.isInteger(start) || start < 0) continue
    if (number === 0xa2) leadOuts.set(session, start)
    // Bit 2 of the control field: a data track (ECMA-130 22.3.1).
    const isAudio = ((numberOf(values, 'control') || 0) & 4) === 0
    if (number >= 1 && number <= 99) points.push({ number, session, start, isAudio, pause: 0 })
  }
  for (const point of points) point.pause = pauses.get(point.number) ?? 0
  points.sort((a, b) => a.start - b.start)
  const disc = sections.find(({ name }) => name === 'disc')
  isCut ||= disc !== undefined && entries < numberOf(disc.values, 'tocentries')
  return { points, leadOuts, isCut }
}

/**
 * CloneCD: a table of contents beside an .img of raw sectors. The image holds the sessions one behind the other, the first
 * from address 0 on; the sheet's addresses are those on the disc, where gaps lie between sessions.
 */
export async function readCloneCd(text: string, image: ByteSource, log: DiagnosticLog): Promise<DiscLayout> {
  const { points, leadOuts, isCut } = readContents(text)
  if (isCut && points.length > 0)
    log.damage('DISC_METADATA_DAMAGED', 'The sheet lacks entries that it says it has: tracks may be missing.')
  const stride = await strideOf(image, points[0], log)
  const total = Math.floor(image.byteLength / stride)
  const lengths = points.map((point, index) => lengthOf(point, points[index + 1], leadOuts))
  const places = await placesOf(points, lengths, image, stride, total)
  const tracks: Track[] = []
  for (const [index, point] of points.entries()) {
    const from = places[index] ?? point.start
    const length = lengths[index] ?? Infinity
    const sectorCount = Math.max(0, Math.min(length, total - from))
    const byteOffset = from * stride
    const named = `track ${point.number}`
    const layout = await trueLayout(image, byteOffset, layoutOf(point, stride), point.isAudio, named, log)
    tracks.push({
      number: point.number,
      session: point.session,
      startSector: point.start,
      sectorCount,
      ...(Number.isFinite(length) && length > sectorCount ? { statedSectorCount: length } : {}),
      isPlaceStated: true,
      source: image,
      byteOffset,
      ...layout,
    })
  }
  return { tracks, sources: [image] }
}

/** Bytes of a sector: every track has the same. Images with subchannel in them, and of blocks, go by the same name. */
async function strideOf(image: ByteSource, first: Point | undefined, log: DiagnosticLog): Promise<number> {
  if (first === undefined || first.isAudio) return STRIDE
  const named = `track ${first.number}`
  return (await trueLayout(image, first.start * STRIDE, layoutOf(first, STRIDE), false, named, log)).layout.stride
}

function layoutOf({ isAudio }: Point, stride: number): SectorLayout {
  if (isAudio) return { stride, dataOffset: 0, hasHeader: false }
  return stride === COOKED.stride ? COOKED : { stride, dataOffset: 16, hasHeader: true }
}

/** Up to the pause of the session's next track, or to its lead-out; what follows without either is the rest. */
function lengthOf(point: Point, next: Point | undefined, leadOuts: ReadonlyMap<number, number>): number {
  if (next?.session === point.session) return Math.max(0, next.start - next.pause - point.start)
  const leadOut = leadOuts.get(point.session)
  if (leadOut !== undefined && leadOut > point.start) return leadOut - point.start
  return next === undefined ? Infinity : next.start - point.start
}

/** Where in the image each track begins, in sectors. */
async function placesOf(
  points: readonly Point[],
  lengths: readonly number[],
  image: ByteSource,
  stride: number,
  total: number,
): Promise<number[]> {
  const places: number[] = []
  const holdsGaps = isAtAddresses(points, lengths, total)
  /** What lies on the disc and not in the image before a session. */
  let gap = 0
  for (const [index, point] of points.entries()) {
    const before = points[index - 1]
    if (before !== undefined && before.session !== point.session && !holdsGaps) {
      const end = (places[index - 1] ?? 0) + (lengths[index - 1] ?? 0)
      const session = points.filter((other) => other.session === point.session)
      gap = point.start - (await sessionPlace(session, end, image, stride))
    }
    places.push(point.start - gap)
  }
  return places
}

/** Where in the image a session's first track begins: some programs write its pause as well. Its sectors tell. */
async function sessionPlace(
  session: readonly Point[],
  end: number,
  image: ByteSource,
  stride: number,
): Promise<number> {
  const [first] = session
  const data = session.find(({ isAudio }) => !isAudio)
  if (first === undefined || data === undefined || stride === COOKED.stride) return end
  for (const place of [end, end + PREGAP]) {
    const header = await image.read((place + data.start - first.start) * stride, 16)
    if (addressIn(header, 0) === data.start) return place
  }
  return end
}

/** Whether an image holds the gaps between sessions as well, as only some programs write it: its length tells. */
function isAtAddresses(points: readonly Point[], lengths: readonly number[], total: number): boolean {
  const last = points.at(-1)
  const lastLength = lengths.at(-1)
  return last !== undefined && lastLength !== undefined && total >= last.start + lastLength
}
