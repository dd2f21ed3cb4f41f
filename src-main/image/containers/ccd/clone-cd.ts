import type { ByteSource } from '../../core/byte-source'
import type { DiscLayout, Track } from '../disc/disc-layout'

const STRIDE = 2352
const SECTION_LIMIT = 4096

/** Sections of an INI file, each with its keys in lower case. */
function parseIni(text: string): { name: string; values: Map<string, string> }[] {
  const sections: { name: string; values: Map<string, string> }[] = []
  for (const line of text.split(/\r\n|\r|\n/)) {
    const header = /^\s*\[([^\]]+)\]/.exec(line)
    if (header !== null && sections.length < SECTION_LIMIT)
      sections.push({ name: (header[1] ?? '').toLowerCase(), values: new Map() })
    const pair = /^\s*([^=;]+?)\s*=\s*(.*?)\s*$/.exec(line)
    if (pair !== null) sections.at(-1)?.values.set((pair[1] ?? '').toLowerCase(), pair[2] ?? '')
  }
  return sections
}

interface Point {
  number: number
  session: number
  start: number
  isAudio: boolean
}

/** A number as the sheet writes it, decimal or with `0x`; NaN where it is none. */
function numberOf(values: Map<string, string>, key: string): number {
  const text = values.get(key)
  return text === undefined || text === '' ? NaN : Number(text)
}

/**
 * CloneCD: a table of contents beside an .img of 2352-byte sectors. The image holds the tracks one behind the other, so
 * that a track begins where the lengths before it add up to; the sheet's addresses are those on the disc, where gaps
 * lie between sessions.
 */
export function readCloneCd(text: string, image: ByteSource): DiscLayout {
  const points: Point[] = []
  /** Where the lead-out of a session begins: point A2 (ECMA-130 22.3.4). */
  const leadOuts = new Map<number, number>()
  for (const { name, values } of parseIni(text)) {
    if (!name.startsWith('entry')) continue
    const number = numberOf(values, 'point')
    const start = numberOf(values, 'plba')
    const session = numberOf(values, 'session') || 1
    if (!Number.isInteger(start) || start < 0) continue
    if (number === 0xa2) leadOuts.set(session, start)
    // Bit 2 of the control field: a data track (ECMA-130 22.3.1).
    const isAudio = ((numberOf(values, 'control') || 0) & 4) === 0
    if (number >= 1 && number <= 99) points.push({ number, session, start, isAudio })
  }
  points.sort((a, b) => a.start - b.start)
  const total = Math.floor(image.byteLength / STRIDE)
  const lengths = points.map((point, index) => lengthOf(point, points[index + 1], leadOuts))
  const isGapless = !isAtAddresses(points, lengths, total)
  let place = 0
  const tracks = points.map<Track>((point, index) => {
    const length = lengths[index] ?? Infinity
    const from = isGapless ? place : point.start
    place += Number.isFinite(length) ? length : 0
    const sectorCount = Math.max(0, Math.min(length, total - from))
    return {
      number: point.number,
      session: point.session,
      isAudio: point.isAudio,
      startSector: point.start,
      sectorCount,
      ...(Number.isFinite(length) && length > sectorCount ? { statedSectorCount: length } : {}),
      isPlaceStated: true,
      source: image,
      byteOffset: from * STRIDE,
      layout: { stride: STRIDE, dataOffset: point.isAudio ? 0 : 16, hasHeader: !point.isAudio },
    }
  })
  return { tracks, sources: [image] }
}

/** Up to the next track of the session, or to its lead-out; what follows without either is the rest. */
function lengthOf(point: Point, next: Point | undefined, leadOuts: ReadonlyMap<number, number>): number {
  if (next?.session === point.session) return next.start - point.start
  const leadOut = leadOuts.get(point.session)
  if (leadOut !== undefined && leadOut > point.start) return leadOut - point.start
  return next === undefined ? Infinity : next.start - point.start
}

/** Whether an image holds the gaps between sessions as well, as only some programs write it: its length tells. */
function isAtAddresses(points: readonly Point[], lengths: readonly number[], total: number): boolean {
  const last = points.at(-1)
  const lastLength = lengths.at(-1)
  if (last === undefined || lastLength === undefined || !Number.isFinite(lastLength)) return false
  const sum = lengths.reduce((all, length) => all + length, 0)
  return total >= last.start + lastLength && total > sum
}
