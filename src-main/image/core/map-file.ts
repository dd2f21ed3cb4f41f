import type { ByteMap, ByteState } from './byte-map'

/** What a line of a map says of its bytes (GNU ddrescue's manual, “Mapfile structure”). */
export type MapStatus = '?' | '*' | '/' | '-' | '+'

export interface MapBlock {
  byteOffset: number
  byteLength: number
  status: MapStatus
}

/** What a map of ddrescue holds. */
export interface MapFile {
  /** Where ddrescue stood when it wrote it, in bytes. */
  position: number
  /** Sorted, none over another. */
  blocks: MapBlock[]
}

/** A map that cannot be one, or is one of another image. The message is one sentence, with the file's name. */
export class MapFileError extends Error {
  readonly code = 'BAD_MAP'
}

/** A map of a disc read sector by sector has some millions of lines at the most; in characters. */
export const MAP_TEXT_LIMIT = 256 << 20

const NUMBER = /^(?:0x[0-9a-f]{1,16}|0|[1-9][0-9]{0,18}|0[0-7]{1,21})$/i
const STATUS = /^[?*/+-]$/
/** What the first line that is no comment may name: what ddrescue was doing. */
const DOING = /^[?*/FG+-]$/

/** Whether a text may be a map of ddrescue, by its first line that is no comment. */
export function looksLikeMapFile(text: string): boolean {
  for (const line of text.slice(0, 1 << 16).split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [position = '', doing = ''] = line.trim().split(/\s+/)
    return NUMBER.test(position) && DOING.test(doing)
  }
  return false
}

/**
 * Reads a map of ddrescue. Comments, empty lines and line ends of either kind are passed over; ranges that overlap, run
 * backwards or reach beyond what numbers can say are refused.
 * @param name the file's, for sentences
 * @throws {MapFileError}
 */
export function readMapFile(text: string, name: string): MapFile {
  const fail = (line: number, what: string): never => {
    throw new MapFileError(
      `${name} is no map of ddrescue that can be used: line ${line} ${what}. Name another with --map.`,
    )
  }
  if (text.length > MAP_TEXT_LIMIT)
    throw new MapFileError(`${name} is too long to be a map of ddrescue. Name another with --map.`)
  const blocks: MapBlock[] = []
  let position = -1
  let end = 0
  let number = 0
  for (let at = 0; at < text.length;) {
    const next = text.indexOf('\n', at)
    const line = text.slice(at, next < 0 ? text.length : next).trim()
    at = next < 0 ? text.length : next + 1
    number++
    if (line === '' || line.startsWith('#')) continue
    const fields = line.split(/\s+/)
    const [first = '', second = '', third = ''] = fields
    if (position < 0) {
      // Versions before 1.20 wrote no number of the pass.
      if (fields.length < 2 || fields.length > 3 || !NUMBER.test(first) || !DOING.test(second))
        fail(number, 'should say where ddrescue stood, and does not')
      position = numberOf(first)
      continue
    }
    if (fields.length !== 3 || !NUMBER.test(first) || !NUMBER.test(second) || !STATUS.test(third))
      fail(number, 'is none of a place, a length and a status')
    const byteOffset = numberOf(first)
    const byteLength = numberOf(second)
    if (!Number.isSafeInteger(byteOffset + byteLength)) fail(number, 'names bytes beyond any disc')
    if (byteOffset < end) fail(number, 'lies over the one before it')
    if (byteLength === 0) continue
    blocks.push({ byteOffset, byteLength, status: third as MapStatus })
    end = byteOffset + byteLength
  }
  if (position < 0 || blocks.length === 0)
    throw new MapFileError(`${name} is no map of ddrescue: it lists no bytes. Name another with --map.`)
  return { position, blocks }
}

/** Decimal, octal or hexadecimal, as C reads them. */
function numberOf(text: string): number {
  if (/^0x/i.test(text)) return parseInt(text, 16)
  return text.length > 1 && text.startsWith('0') ? parseInt(text, 8) : Number(text)
}

/**
 * Puts into a map what ddrescue says of an image.
 * @param name the map's, for sentences and as who says so
 * @throws {MapFileError} where it is one of an image of another length
 */
export function markFromMapFile(map: ByteMap, file: MapFile, imageByteLength: number, name: string): void {
  const last = file.blocks.at(-1)
  const end = last === undefined ? 0 : last.byteOffset + last.byteLength
  const read = file.blocks.findLast(({ status }) => status === '+')
  const readEnd = read === undefined ? 0 : read.byteOffset + read.byteLength
  // What was never reached need not be in the file; what was read is, and nothing else.
  if (readEnd > imageByteLength || end < imageByteLength)
    throw new MapFileError(
      `${name} is a map of ${end} bytes, and the image has ${imageByteLength}: it is one of another image. Name the right one with --map.`,
    )
  let at = 0
  for (const { byteOffset, byteLength, status } of file.blocks) {
    if (byteOffset > at) map.mark({ byteOffset: at, byteLength: byteOffset - at, state: 'unread', by: name })
    if (status !== '+') map.mark({ byteOffset, byteLength, state: 'unread', by: name })
    at = byteOffset + byteLength
  }
}

const STATUS_OF: Record<ByteState, MapStatus> = {
  proven: '+',
  present: '+',
  suspect: '/',
  bad: '-',
  unread: '?',
  missing: '?',
}

/** A map in the form of ddrescue, which ddrescue itself goes on from: what is bad is bad, what is suspect is to be read again. */
export function writeMapFile(map: ByteMap): string {
  const blocks = map.ranges().map(({ byteOffset, byteLength, state }): MapBlock => {
    return { byteOffset, byteLength, status: STATUS_OF[state] }
  })
  return formatMapFile(joinBlocks(blocks))
}

/** As ddrescue writes it, with where it would go on. @param blocks sorted, without gaps, neighbours of different kinds */
export function formatMapFile(blocks: readonly MapBlock[]): string {
  const hex = (value: number): string => `0x${value.toString(16).toUpperCase().padStart(8, '0')}`
  const open = blocks.find(({ status }) => status !== '+' && status !== '-')
  const lines = [
    '# Mapfile. Created by Isolde',
    '# current_pos  current_status  current_pass',
    `${hex(open?.byteOffset ?? 0)}     ${open === undefined ? '+' : open.status}               1`,
    '#      pos        size  status',
    ...blocks.map(({ byteOffset, byteLength, status }) => `${hex(byteOffset)}  ${hex(byteLength)}  ${status}`),
  ]
  return `${lines.join('\n')}\n`
}

/** Neighbours of one kind as one. @param blocks sorted, without gaps */
export function joinBlocks(blocks: readonly MapBlock[]): MapBlock[] {
  const joined: MapBlock[] = []
  for (const block of blocks) {
    const last = joined.at(-1)
    if (last?.status === block.status) last.byteLength += block.byteLength
    else joined.push({ ...block })
  }
  return joined
}
