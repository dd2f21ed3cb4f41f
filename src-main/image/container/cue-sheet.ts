import type { ByteSource } from '../byte-source'
import type { SiblingOpener } from '../disc-image'
import { COOKED, type SectorLayout } from './raw-sectors'
import type { DiscLayout, Track } from './disc-layout'

const FRAMES_PER_SECOND = 75

export interface CueTrack {
  number: number
  mode: string
  session: number
  file: string
  fileType: string
  /** In frames from the start of the file, by index number. */
  indexes: Map<number, number>
  /** Frames of silence that are on the disc but not in the file. */
  pregap: number
}

/** A cue sheet's tracks; empty where the text is none. Commands that say nothing about places are passed over. */
export function parseCueSheet(text: string): CueTrack[] {
  const tracks: CueTrack[] = []
  let file = ''
  let fileType = ''
  let session = 1
  for (const line of text.split(/\r\n|\r|\n/)) {
    const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
    const command = words[0]?.toUpperCase()
    const track = tracks.at(-1)
    if (command === 'FILE') {
      fileType = (words.at(-1) ?? '').toUpperCase()
      file = words[1] ?? ''
    } else if (command === 'REM' && words[1]?.toUpperCase() === 'SESSION') {
      session = Number.parseInt(words[2] ?? '1', 10) || session
    } else if (command === 'TRACK' && tracks.length < 99) {
      const number = Number.parseInt(words[1] ?? '', 10)
      const mode = (words[2] ?? '').toUpperCase()
      tracks.push({ number, mode, session, file, fileType, indexes: new Map(), pregap: 0 })
    } else if (command === 'INDEX' && track !== undefined) {
      track.indexes.set(Number.parseInt(words[1] ?? '', 10), framesOf(words[2] ?? ''))
      // A file named between a track's indexes: the sheet counts from the one that holds index 1.
      if (Number.parseInt(words[1] ?? '', 10) === 1) {
        track.file = file
        track.fileType = fileType
      }
    } else if (command === 'PREGAP' && track !== undefined) {
      track.pregap = framesOf(words[1] ?? '')
    }
  }
  return tracks.filter((track) => track.file !== '' && track.indexes.has(1))
}

/** `mm:ss:ff`; minutes may pass 99. */
function framesOf(time: string): number {
  const [minutes = 0, seconds = 0, frames = 0] = time.split(':').map((part) => Number.parseInt(part, 10) || 0)
  return (minutes * 60 + seconds) * FRAMES_PER_SECOND + frames
}

const LAYOUTS: Record<string, SectorLayout> = {
  'MODE1/2048': COOKED,
  'MODE1/2352': { stride: 2352, dataOffset: 16, hasHeader: true },
  'MODE2/2048': COOKED,
  'MODE2/2336': { stride: 2336, dataOffset: 8, hasHeader: false },
  'MODE2/2352': { stride: 2352, dataOffset: 24, hasHeader: true },
  'CDI/2336': { stride: 2336, dataOffset: 8, hasHeader: false },
  'CDI/2352': { stride: 2352, dataOffset: 24, hasHeader: true },
  AUDIO: { stride: 2352, dataOffset: 0, hasHeader: false },
  CDG: { stride: 2448, dataOffset: 0, hasHeader: false },
}

/** Opens the files that a cue sheet names. `missing` is told the names of those that are not there. */
export async function openCueSheet(
  tracks: readonly CueTrack[],
  openFile: SiblingOpener,
  missing: (name: string) => void,
): Promise<DiscLayout> {
  const files = new Map<string, ByteSource | null>()
  const result: Track[] = []
  let fileStart = 0
  let shift = 0
  let current = ''
  for (const [index, track] of tracks.entries()) {
    const name = baseName(track.file)
    let source = files.get(name)
    if (source === undefined) {
      source = await openFile(name)
      files.set(name, source)
      if (source === null) missing(name)
    }
    const layout = LAYOUTS[track.mode] ?? COOKED
    if (name !== current) {
      // The next file goes on where the last one ended.
      const last = result.at(-1)
      fileStart = last === undefined ? 0 : last.startSector + last.sectorCount
      shift = 0
      current = name
    }
    shift += track.pregap
    if (source === null) continue
    const header = track.fileType === 'WAVE' ? 44 : 0
    const start = track.indexes.get(1) ?? 0
    // Track modes with different sector lengths in one file make offsets add up track by track.
    const previous = tracks[index - 1]
    const isFirst = previous === undefined || baseName(previous.file) !== name
    const before = result.at(-1)
    const byteOffset =
      isFirst || before === undefined
        ? header + start * layout.stride
        : before.byteOffset + (start - (previous.indexes.get(1) ?? 0)) * before.layout.stride
    const next = tracks[index + 1]
    const nextIndex =
      next !== undefined && baseName(next.file) === name ? (next.indexes.get(0) ?? next.indexes.get(1)) : undefined
    const rest = Math.max(0, Math.floor((source.byteLength - byteOffset) / layout.stride))
    result.push({
      number: track.number,
      session: track.session,
      isAudio: track.mode === 'AUDIO' || track.mode === 'CDG',
      startSector: fileStart + shift + start,
      sectorCount: nextIndex === undefined ? rest : Math.max(0, Math.min(rest, nextIndex - start)),
      source,
      byteOffset,
      layout,
    })
  }
  return { tracks: result, sources: [...files.values()].filter((source) => source !== null) }
}

/** Sheets name files with the folders of the machine that wrote them. */
export function baseName(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
}
