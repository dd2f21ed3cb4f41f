import { decodeUtf8 } from '../../../../src-shared/charset/detect'
import type { ByteSource } from '../../core/byte-source'
import { SliceSource } from '../../core/sources/slice-source'
import type { DiscLayout, Track } from '../disc/disc-layout'
import { COOKED, type SectorLayout } from '../sectors/raw-sectors'
import type { SheetFiles } from '../disc/sheet-files'
import { framesOf } from '../disc/sheet-text'
import { SwappedSource } from '../../core/sources/swapped-source'
import { ConcatSource } from '../../core/sources/concat-source'
import { sectorCounts } from '../disc/short-tracks'
import { settlePlaces } from '../disc/track-address'
import { trueLayout } from '../sectors/true-layout'

const TRACK_LIMIT = 99
const PART_LIMIT = 1000
const LENGTH_LIMIT = 1_000_000
const SAMPLE_LENGTH = 4
const SAMPLES_PER_SECTOR = 588

/** A range of a track: of a file, or of nothing. */
interface TocPart {
  file: string | null
  isData: boolean
  isSwapped: boolean
  /** In bytes from the start of the file, before `start`. */
  byteOffset: number
  start: TocLength
  /** Null: up to the end of the file. */
  length: TocLength | null
}

/** `mm:ss:ff`, or a number of samples (of bytes, in data tracks). */
type TocLength = { frames: number } | { count: number }

interface TocTrack {
  mode: string
  hasSubchannel: boolean
  parts: TocPart[]
  /** Frames in front of index 1 that are in the parts. */
  start: number
  /** Frames in front of them that are not. */
  pregap: number
}

const LAYOUTS: Record<string, SectorLayout> = {
  AUDIO: { stride: 2352, dataOffset: 0, hasHeader: false },
  MODE1: COOKED,
  MODE1_RAW: { stride: 2352, dataOffset: 16, hasHeader: true },
  MODE2: { stride: 2336, dataOffset: 8, hasHeader: false },
  MODE2_RAW: { stride: 2352, dataOffset: 24, hasHeader: true },
  MODE2_FORM1: COOKED,
  MODE2_FORM2: { stride: 2324, dataOffset: 0, hasHeader: false },
  MODE2_FORM_MIX: { stride: 2336, dataOffset: 8, hasHeader: false },
}

/** The tracks of a table of contents as cdrdao writes it (.toc); empty where the text is none. */
export function parseToc(text: string): TocTrack[] {
  const tracks: TocTrack[] = []
  if (!/^\s*(?:\/\/[^\n]*\n\s*)*(?:CD_DA|CD_ROM|CD_ROM_XA|CD_I)\b/.test(text)) return tracks
  const words = tokensOf(text)
  for (let at = 0; at < words.length;) {
    const word = words[at++]?.text ?? ''
    const track = tracks.at(-1)
    if (word === 'CD_TEXT') {
      at = behindBraces(words, at)
    } else if (word === 'TRACK' && tracks.length < TRACK_LIMIT) {
      const mode = words[at++]?.text ?? ''
      const sub = words[at]?.text ?? ''
      tracks.push({ mode, hasSubchannel: sub.startsWith('RW'), parts: [], start: 0, pregap: 0 })
    } else if (track === undefined || track.parts.length >= PART_LIMIT) {
      continue
    } else if (word === 'SILENCE' || word === 'ZERO') {
      while (/^(?:MODE|AUDIO|RW)/.test(words[at]?.text ?? '')) at++
      track.parts.push({ ...NOTHING, length: lengthOf(words[at++]?.text ?? '') })
    } else if (word === 'FILE' || word === 'AUDIOFILE' || word === 'DATAFILE') {
      at = readPart(words, at, word === 'DATAFILE', track)
    } else if (word === 'START') {
      const given = words[at]?.text ?? ''
      // Without a time everything up to here is the pause.
      if (/^\d+:\d+:\d+$/.test(given)) track.start = framesOf(words[at++]?.text ?? '')
      else track.start = track.parts.reduce((sum, { length }) => sum + (length === null ? 0 : framesIn(length)), 0)
    } else if (word === 'PREGAP') {
      track.pregap = framesOf(words[at++]?.text ?? '')
    }
  }
  return tracks
}

const NOTHING: TocPart = {
  file: null,
  isData: false,
  isSwapped: false,
  byteOffset: 0,
  start: { count: 0 },
  length: null,
}

interface Token {
  text: string
  isQuoted: boolean
}

/** cdrdao writes bytes beyond ASCII, and any other, as three octal digits. */
function unescaped(quoted: string): string {
  const octal = (digits: string): string => String.fromCharCode(Number.parseInt(digits, 8))
  const plain = quoted.replace(/\\(?:([0-3][0-7]{2})|(["\\]))/g, (_, digits: string | undefined, other: string) =>
    digits === undefined ? other : octal(digits),
  )
  // Where all of it is bytes, they may be UTF-8.
  const bytes = Uint8Array.from(plain, (character) => character.charCodeAt(0))
  return /\\[2-3][0-7]{2}/.test(quoted) && /^[\0-\xff]*$/.test(plain) ? (decodeUtf8(bytes) ?? plain) : plain
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  for (const match of text.matchAll(/\/\/[^\n]*|"((?:[^"\\]|\\.)*)"|([{}])|([^\s"{}]+)/g)) {
    if (match[1] !== undefined) tokens.push({ text: unescaped(match[1]), isQuoted: true })
    else if (match[2] !== undefined || match[3] !== undefined)
      tokens.push({ text: match[2] ?? match[3] ?? '', isQuoted: false })
  }
  return tokens
}

function behindBraces(words: readonly Token[], from: number): number {
  let depth = 0
  for (let at = from; at < words.length; at++) {
    if (words[at]?.isQuoted === true) continue
    if (words[at]?.text === '{') depth++
    else if (words[at]?.text === '}' && --depth <= 0) return at + 1
    else if (depth === 0) return at
  }
  return words.length
}

/** `"name" [SWAP] [#offset] start [length]`, where data files have no start. */
function readPart(words: readonly Token[], from: number, isData: boolean, track: TocTrack): number {
  let at = from
  const part: TocPart = { ...NOTHING, file: words[at++]?.text ?? '', isData }
  if (words[at]?.text === 'SWAP') {
    part.isSwapped = true
    at++
  }
  const offset = /^#(\d+)$/.exec(words[at]?.text ?? '')
  if (offset !== null) {
    part.byteOffset = Number(offset[1])
    at++
  }
  const isLength = (): boolean => words[at]?.isQuoted === false && /^\d+(?::\d+:\d+)?$/.test(words[at]?.text ?? '')
  const given: TocLength[] = []
  while (given.length < (isData ? 1 : 2) && isLength()) given.push(lengthOf(words[at++]?.text ?? ''))
  if (isData) part.length = given[0] ?? null
  else {
    part.start = given[0] ?? { count: 0 }
    part.length = given[1] ?? null
  }
  // A length of zero means the rest of the file.
  if (part.length !== null && framesIn(part.length) === 0 && !('count' in part.length && part.length.count > 0))
    part.length = null
  track.parts.push(part)
  return at
}

function lengthOf(word: string): TocLength {
  return word.includes(':') ? { frames: framesOf(word) } : { count: Number.parseInt(word, 10) || 0 }
}

function framesIn(length: TocLength): number {
  return 'frames' in length ? length.frames : Math.floor(length.count / SAMPLES_PER_SECTOR)
}

/** Opens the files that a .toc names. Tracks follow one another from the disc's first sector on. */
export async function openToc(sheet: readonly TocTrack[], files: SheetFiles): Promise<DiscLayout> {
  const tracks: Track[] = []
  let end = 0
  for (const [index, track] of sheet.entries()) {
    const layout = LAYOUTS[track.mode] ?? COOKED
    const stride = layout.stride + (track.hasSubchannel ? 96 : 0)
    const isAudio = track.mode === 'AUDIO'
    const sources: ByteSource[] = []
    let missing = 0
    for (const part of track.parts) {
      const opened = missing > 0 ? null : await openPart(part, stride, isAudio, files)
      if (opened !== null) sources.push(opened.source)
      // What lies behind a part that is missing is not where it should be: only what lies before it is read.
      missing +=
        opened?.missingByteLength ?? (part.length === null ? stride : bytesOf(part.length, part, stride, isAudio))
    }
    const [only, ...others] = sources
    if (only === undefined) continue
    const source = others.length === 0 ? only : new ConcatSource(sources)
    const byteOffset = track.start * stride
    const named = `track ${index + 1}`
    const stated = { ...layout, stride }
    const found =
      layout.stride === 2324
        ? { layout: stated, isAudio }
        : await trueLayout(source, byteOffset, stated, isAudio, named, files.log)
    const startSector = end + (index === 0 && !isAudio ? 0 : track.pregap + track.start)
    const sectorsTo = (length: number): number => Math.max(0, Math.floor((length - byteOffset) / found.layout.stride))
    const whole = sectorsTo(source.byteLength + missing)
    const counts = sectorCounts(sectorsTo(source.byteLength), whole)
    end = startSector + whole
    tracks.push({ number: index + 1, session: 1, startSector, ...counts, source, byteOffset, ...found })
  }
  await settlePlaces(tracks, files.log)
  return { tracks, sources: files.sources }
}

interface OpenedPart {
  source: ByteSource
  /** Bytes that the sheet asks for and the file does not hold. */
  missingByteLength: number
}

function bytesOf(length: TocLength, part: TocPart, stride: number, isAudio: boolean): number {
  if ('frames' in length) return Math.min(length.frames, LENGTH_LIMIT) * stride
  return length.count * (isAudio && !part.isData ? SAMPLE_LENGTH : 1)
}

async function openPart(
  part: TocPart,
  stride: number,
  isAudio: boolean,
  files: SheetFiles,
): Promise<OpenedPart | null> {
  const length = part.length === null ? null : bytesOf(part.length, part, stride, isAudio)
  if (part.file === null) return { source: new SilenceSource(length ?? 0), missingByteLength: 0 }
  const sound = isAudio ? await files.openSound(part.file, 'BINARY') : null
  const file = isAudio ? sound?.source : await files.open(part.file)
  if (file === undefined || file === null) return null
  const lacking = sound?.missingByteLength ?? 0
  // Of a file without any sound nothing is taken.
  const from = lacking === Infinity ? file.byteLength : part.byteOffset + bytesOf(part.start, part, stride, isAudio)
  const slice = new SliceSource(file, from, length ?? undefined)
  // Without a length a part goes up to where its file says that it ends.
  const rest = Math.max(0, file.byteLength + (lacking === Infinity ? 0 : lacking) - from)
  const missingByteLength = Math.max(0, (length ?? rest) - slice.byteLength)
  // Raw samples have their high byte first, unless SWAP says otherwise; WAVE files have an order of their own.
  const isRaw = isAudio && sound !== null && (await files.open(part.file)) === sound.source
  return { source: isRaw !== part.isSwapped && isAudio ? new SwappedSource(slice) : slice, missingByteLength }
}

/** Zeros that a sheet asks for. */
class SilenceSource implements ByteSource {
  readonly byteLength: number

  constructor(byteLength: number) {
    this.byteLength = Math.min(byteLength, LENGTH_LIMIT * 2448)
  }

  read(byteOffset: number, byteLength: number): Uint8Array {
    return new Uint8Array(Math.max(0, Math.min(byteLength, this.byteLength - byteOffset)))
  }

  locate(): null {
    return null
  }

  close(): void {
    // There is nothing to release.
  }
}
