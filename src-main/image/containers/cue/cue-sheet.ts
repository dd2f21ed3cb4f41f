import { isAllZero } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiscLayout, Track } from '../disc/disc-layout'
import { COOKED, type SectorLayout } from '../sectors/raw-sectors'
import { SOUND_EXTENSIONS, type SheetFiles } from '../disc/sheet-files'
import { framesOf, withoutExtension } from '../disc/sheet-text'
import { LONGEST_PAUSE } from '../disc/pause'
import { sectorCounts } from '../disc/short-tracks'
import { HIGH_DENSITY_START, sessionGap, settlePlaces } from '../disc/track-address'
import { trueLayout } from '../sectors/true-layout'

const TRACK_LIMIT = 99
const SAMPLE_BYTES = 2352
const DATA_EXTENSIONS = ['bin', 'img', 'iso']

export interface CueTrack {
  number: number
  mode: string
  session: number
  /** The file that holds index 1. */
  file: string
  fileType: string
  /** The file that holds index 0; the one before where the pause stands at that file's end. */
  pregapFile: string
  /** In frames from the start of the file, by index number. */
  indexes: Map<number, number>
  /** Frames of silence that are on the disc but not in the file, before and behind the track. */
  pregap: number
  postgap: number
  /** The track opens the high-density area of a GD-ROM. */
  opensHighDensity: boolean
  /** Frames between the session before and this track, where the sheet says so. */
  sessionGap: number | null
}

/** What `REM` lines say about the session to come. */
interface Remarks {
  session: number
  opensHighDensity: boolean
  leadOut: number | null
  leadIn: number | null
  pregap: number | null
}

/** A cue sheet's tracks; empty where the text is none. Commands that say nothing about places are passed over. */
export function parseCueSheet(text: string): CueTrack[] {
  const tracks: CueTrack[] = []
  let file = ''
  let fileType = ''
  const remarks: Remarks = { session: 1, opensHighDensity: false, leadOut: null, leadIn: null, pregap: null }
  for (const line of text.split(/\r\n|\r|\n/)) {
    const words = line.trim().split(/\s+/)
    const command = words[0]?.toUpperCase()
    const track = tracks.at(-1)
    if (command === 'FILE') {
      ;({ file, fileType } = readFileCommand(line))
    } else if (command === 'REM') {
      readRemark(words, remarks)
    } else if (command === 'TRACK' && tracks.length < TRACK_LIMIT) {
      const { session, opensHighDensity, leadOut, leadIn, pregap } = remarks
      tracks.push({
        number: Number.parseInt(words[1] ?? '', 10) || tracks.length + 1,
        mode: (words[2] ?? '').toUpperCase(),
        session,
        file,
        fileType,
        pregapFile: file,
        indexes: new Map(),
        pregap: 0,
        postgap: 0,
        opensHighDensity,
        sessionGap: leadOut !== null && leadIn !== null ? leadOut + leadIn + (pregap ?? 150) : null,
      })
      Object.assign(remarks, { opensHighDensity: false, leadOut: null, leadIn: null, pregap: null })
    } else if (command === 'INDEX' && track !== undefined) {
      const number = Number.parseInt(words[1] ?? '', 10)
      track.indexes.set(number, framesOf(words[2] ?? ''))
      if (number === 0) track.pregapFile = file
      // A file named between a track's indexes: the sheet counts from the one that holds index 1.
      if (number === 1) Object.assign(track, { file, fileType })
    } else if (command === 'PREGAP' && track !== undefined) {
      track.pregap = framesOf(words[1] ?? '')
    } else if (command === 'POSTGAP' && track !== undefined) {
      track.postgap = framesOf(words[1] ?? '')
    }
  }
  const named = tracks.filter(({ file }) => file !== '')
  for (const [index, track] of named.entries()) settleStart(track, named[index - 1])
  return named.some(({ indexes }) => indexes.has(1)) ? named : []
}

/** Some sheets give a track index 0 alone, or none: the one that opens its file begins where that does. */
function settleStart(track: CueTrack, before: CueTrack | undefined): void {
  const { indexes } = track
  if (indexes.has(1) || !/^(?:MODE|AUDIO|CDG|CDI)/.test(track.mode)) return
  const first = indexes.size > 0 ? Math.min(...indexes.values()) : before?.file === track.file ? null : 0
  if (first === null) return
  indexes.clear()
  indexes.set(1, first)
}

const FILE_TYPES = new Set(['BINARY', 'MOTOROLA', 'WAVE', 'AIFF', 'MP3', 'FLAC', 'APE', 'OGG'])

/** `FILE "name" TYPE`; without quotation marks the name goes up to the type, spaces and all, where there is one. */
function readFileCommand(line: string): { file: string; fileType: string } {
  const rest = line.trim().slice(4).trim()
  const quoted = /^"(.*)"\s*(\S*)$/.exec(rest) ?? /^'(.*)'\s*(\S*)$/.exec(rest)
  if (quoted !== null) return { file: quoted[1] ?? '', fileType: (quoted[2] ?? '').toUpperCase() }
  const [, name = '', last = ''] = /^(.*\S)\s+(\S+)$/.exec(rest.replaceAll('"', '')) ?? []
  const isType = FILE_TYPES.has(last.toUpperCase()) || (/\.\w+$/.test(name) && !last.includes('.'))
  return name !== '' && isType ? { file: name, fileType: last.toUpperCase() } : { file: rest, fileType: '' }
}

/** Sessions and areas, as redump writes them: lengths of lead-out, lead-in and pause. */
function readRemark(words: readonly string[], remarks: Remarks): void {
  const what = words[1]?.toUpperCase()
  const time = words[2] ?? ''
  // Some programs give the address of a lead-out here: it is far longer than any lead-out.
  const length = /^\d+:\d+:\d+$/.test(time) && framesOf(time) <= 20_000 ? framesOf(time) : null
  if (what === 'SESSION') remarks.session = Number.parseInt(time, 10) || remarks.session
  else if (what === 'HIGH-DENSITY') Object.assign(remarks, { session: 2, opensHighDensity: true })
  else if (what === 'LEAD-OUT') remarks.leadOut = length
  else if (what === 'LEAD-IN') remarks.leadIn = length
  else if (what === 'PREGAP') remarks.pregap = length
}

const LAYOUTS: Record<string, SectorLayout> = {
  'MODE1/2048': COOKED,
  'MODE1/2352': { stride: 2352, dataOffset: 16, hasHeader: true },
  'MODE1/2448': { stride: 2448, dataOffset: 16, hasHeader: true },
  'MODE2/2048': COOKED,
  'MODE2/2336': { stride: 2336, dataOffset: 8, hasHeader: false },
  'MODE2/2352': { stride: 2352, dataOffset: 24, hasHeader: true },
  'MODE2/2448': { stride: 2448, dataOffset: 24, hasHeader: true },
  'CDI/2336': { stride: 2336, dataOffset: 8, hasHeader: false },
  'CDI/2352': { stride: 2352, dataOffset: 24, hasHeader: true },
  AUDIO: { stride: 2352, dataOffset: 0, hasHeader: false },
  CDG: { stride: 2448, dataOffset: 0, hasHeader: false },
}

/** Opens the files that a cue sheet names, and works out where on the disc each track lies. */
export async function openCueSheet(all: readonly CueTrack[], files: SheetFiles): Promise<DiscLayout> {
  const sheet = all.filter(({ indexes }) => indexes.has(1))
  if (sheet.length < all.length)
    files.log.damage(
      'DISC_METADATA_DAMAGED',
      `“${files.sheet}” does not say where ${all.length - sheet.length} of its tracks begin: they are missing.`,
    )
  const isAlone = new Set(sheet.map((track) => track.file)).size === 1
  const stem = withoutExtension(files.sheet)
  // Where a sheet names one file and that was renamed along with the sheet, it is found by the sheet's own name.
  const renamed = isAlone ? [...DATA_EXTENSIONS, ...SOUND_EXTENSIONS].map((extension) => `${stem}.${extension}`) : []
  const tracks: Track[] = []
  let fileStart = 0
  let shift = 0
  let end = 0
  for (const [index, track] of sheet.entries()) {
    const before = sheet[index - 1]
    const isFirstOfFile = before?.file !== track.file
    const start = track.indexes.get(1) ?? 0
    if (isFirstOfFile) {
      // The next file goes on where the last one ended.
      fileStart = end
      shift = 0
    }
    const opened = await openTrack(track, files, renamed)
    // The pause of two seconds before the first data track is before the disc's first address (ECMA-130 20.2).
    const isFirstData = tracks.length === 0 && index === 0 && opened?.isAudio !== true
    if (isFirstData) shift -= start
    else shift += track.pregap
    if (before !== undefined && track.opensHighDensity) shift = HIGH_DENSITY_START - fileStart
    else if (before !== undefined && track.session > before.session) {
      shift = end + (track.sessionGap ?? sessionGap(before.session)) - fileStart - start
    }
    const startSector = fileStart + shift + start
    shift += track.postgap
    if (opened === null) continue
    const previous = isFirstOfFile ? undefined : tracks.at(-1)
    let { layout, isAudio } = opened
    // Only the sectors of data tell of subchannel between them that the sheet says nothing of: sound has it as well.
    if (isAudio && previous?.layout.stride === 2448 && before !== undefined && LAYOUTS[before.mode]?.stride === 2352)
      layout = { ...layout, stride: 2448 }
    // Track modes with different sector lengths in one file make offsets add up track by track; a pause is of its own.
    const zero = track.pregapFile === track.file ? Math.min(track.indexes.get(0) ?? start, start) : start
    let byteOffset =
      previous === undefined || before === undefined
        ? start * layout.stride
        : previous.byteOffset +
          (zero - (before.indexes.get(1) ?? 0)) * previous.layout.stride +
          (start - zero) * layout.stride
    if (opened.soundFile === undefined) {
      const named = `track ${track.number}`
      ;({ layout, isAudio } = await trueLayout(opened.source, byteOffset, layout, isAudio, named, files.log))
      if (previous === undefined) byteOffset = start * layout.stride
    } else byteOffset = 0
    const counts = countSectors(sheet, index, opened, byteOffset, layout)
    const whole = counts.statedSectorCount ?? counts.sectorCount
    end = startSector + (opened.sectorCount === null ? whole : Math.max(0, opened.sectorCount - start))
    end += track.postgap
    if (index === 0 && isAudio && opened.soundFile === undefined) {
      const hidden = {
        source: opened.source,
        layout,
        byteOffset: byteOffset - start * layout.stride,
        sectorCount: start,
      }
      if (await isAnythingHeard(hidden))
        tracks.push({ ...hidden, number: 0, session: track.session, isAudio, startSector: startSector - start })
    }
    tracks.push({
      number: track.number,
      session: track.session,
      isAudio,
      startSector,
      ...counts,
      source: opened.source,
      byteOffset,
      layout,
      ...(opened.soundFile === undefined ? {} : { soundFile: opened.soundFile }),
      ...(index === 0 || (track.opensHighDensity && start === 0) ? { isPlaceStated: true } : {}),
    })
  }
  await settlePlaces(tracks, files.log)
  return { tracks, sources: files.sources }
}

interface OpenedTrack {
  source: ByteSource
  layout: SectorLayout
  isAudio: boolean
  soundFile?: { extension: string; missingByteLength: number }
  /** Bytes of sound that its file says it has, and that are not there. */
  missingByteLength: number
  /** Of the whole file, where its format hides it. */
  sectorCount: number | null
}

async function openTrack(track: CueTrack, files: SheetFiles, renamed: readonly string[]): Promise<OpenedTrack | null> {
  const layout = LAYOUTS[track.mode] ?? COOKED
  const isAudio = isSound(track)
  if (!isAudio) {
    const source = await files.open(track.file, renamed)
    return source === null ? null : { source, layout, isAudio, missingByteLength: 0, sectorCount: null }
  }
  const sound = await files.openSound(track.file, track.fileType, renamed)
  if (sound === null) return null
  const { source, foreign, missingByteLength } = sound
  const opened = { source, layout, isAudio, missingByteLength }
  if (foreign === null) return { ...opened, sectorCount: null }
  const soundFile = { extension: foreign.extension, missingByteLength }
  return { ...opened, soundFile, sectorCount: sound.sectorCount ?? 0 }
}

/** Whether sectors of sound are anything but silence. In front of the first track lies a song where they are. */
async function isAnythingHeard({
  source,
  layout,
  byteOffset,
  sectorCount,
}: Pick<Track, 'source' | 'layout' | 'byteOffset' | 'sectorCount'>): Promise<boolean> {
  for (let sector = 0; sector < sectorCount; sector++) {
    const samples = await source.read(byteOffset + sector * layout.stride, SAMPLE_BYTES)
    if (!isAllZero(samples)) return true
  }
  return false
}

function isSound({ mode }: CueTrack): boolean {
  return mode === 'AUDIO' || mode === 'CDG'
}

/**
 * Sectors from a track's index 1 to the next track in the same file, or to the file's end, where that is told apart from
 * where the file says that it ends.
 */
function countSectors(
  sheet: readonly CueTrack[],
  index: number,
  { source, missingByteLength, isAudio, soundFile }: OpenedTrack,
  byteOffset: number,
  layout: SectorLayout,
): Pick<Track, 'sectorCount' | 'statedSectorCount'> {
  const track = sheet[index]
  const next = sheet[index + 1]
  const sectorsTo = (end: number): number => Math.max(0, Math.floor((end - byteOffset) / layout.stride))
  const there = sectorsTo(source.byteLength)
  const stated = soundFile === undefined ? sectorsTo(source.byteLength + missingByteLength) : there
  if (track === undefined || next === undefined) return sectorCounts(there, stated)
  const zero = next.pregapFile === track.file ? next.indexes.get(0) : undefined
  // A pause between two tracks of sound is sound too, and is played with the one before it.
  const isPause = zero !== undefined && !(isAudio && isSound(next))
  const bound = next.file === track.file ? (isPause ? zero : next.indexes.get(1)) : undefined
  if (bound === undefined) return sectorCounts(there, stated)
  // What ends where the next one begins has its length, wherever the file ends; data may lack a pause behind them.
  const length = Math.max(0, bound - (track.indexes.get(1) ?? 0))
  if (soundFile !== undefined) return { sectorCount: Math.min(there, length) }
  const isCut = there < (isAudio ? length : length - LONGEST_PAUSE)
  return isCut ? sectorCounts(there, length) : { sectorCount: Math.min(there, length) }
}
