import type { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { DiscLayout, Track } from '../disc/disc-layout'
import { baseName, readingsOf, withoutExtension } from '../disc/sheet-text'
import type { SectorLayout } from '../sectors/raw-sectors'
import { trueLayout } from '../sectors/true-layout'

const SESSION_LENGTH = 24
const TRACK_LENGTH = 80
const FOOTER_LENGTH = 16
const SESSION_LIMIT = 99
const NAME_LIMIT = 512

/** Files that one track may be spread over: a DVD of two layers has a few. */
const FILE_LIMIT = 99

/** Of the medium at byte 18: CD, CD-R and CD-RW lie below, DVDs from here on. */
const FIRST_DVD = 0x10
/** The mode of a DVD's one track; those of CDs have their high bits set, as 0xAA. */
const DVD_MODE = 2

/** A data file by its name. */
export interface DataName {
  name: string
  /** What the name may be as well, where its character set is a guess. */
  others: readonly string[]
}

/** Opens the files that a track's bytes lie in, one behind the other; null where none is there. */
export type DataOpener = (names: readonly DataName[]) => Promise<ByteSource | null>

/** Alcohol 120 %: sessions, tracks and their places in the .mdf files. Tracks whose files are missing are left out. */
export async function readMediaDescriptor(
  mds: ByteReader,
  ownName: string,
  open: DataOpener,
  log: DiagnosticLog,
): Promise<DiscLayout> {
  const tracks: Track[] = []
  const sources = new Set<ByteSource>()
  const lengths = new Map<Track, number | null>()
  for (const { block, session } of trackBlocks(mds, ownName, log)) {
    const data = await open(fileNames(mds, block, ownName))
    if (data === null) continue
    sources.add(data)
    const track = await readTrack(mds, block, session, data, log)
    tracks.push(track)
    lengths.set(track, lengthOf(mds, block))
  }
  for (const track of tracks) measure(track, lengths.get(track) ?? null, tracks)
  return { tracks, sources: [...sources] }
}

/** The data files that each track points at. */
export function filesOf(mds: ByteReader, ownName: string): string[][] {
  return trackBlocks(mds, ownName, null).map(({ block }) => fileNames(mds, block, ownName).map(({ name }) => name))
}

/** Where the blocks of tracks lie, and the session of each. */
function trackBlocks(
  mds: ByteReader,
  ownName: string,
  log: DiagnosticLog | null,
): { block: number; session: number }[] {
  const found: { block: number; session: number }[] = []
  const sessions = Math.min(mds.u16Le(20), SESSION_LIMIT)
  const from = mds.u32Le(80)
  let isCut = false
  for (let session = 0; session < sessions; session++) {
    const at = from + session * SESSION_LENGTH
    isCut ||= !mds.has(at, SESSION_LENGTH)
    const blocks = mds.u8(at + 10)
    const firstBlock = mds.u32Le(at + 20)
    for (let index = 0; index < blocks; index++) {
      const block = firstBlock + index * TRACK_LENGTH
      if (!mds.has(block, TRACK_LENGTH)) {
        isCut = true
        break
      }
      // Points beyond 99 are the lead-in's entries about the session.
      const number = mds.u8(block + 4)
      if (number >= 1 && number <= 99) found.push({ block, session: session + 1 })
    }
  }
  if (isCut && found.length > 0)
    log?.damage(
      'DISC_METADATA_DAMAGED',
      `“${ownName}” ends before all of its tracks are described: ${found.length} of them are, and others may be missing.`,
    )
  return found
}

/** The data files that a track points at; `*` stands for the descriptor's own base name. */
function fileNames(mds: ByteReader, block: number, ownName: string): DataName[] {
  const base = withoutExtension(ownName)
  const count = Math.min(Math.max(1, mds.u32Le(block + 48)), FILE_LIMIT)
  const footer = mds.u32Le(block + 52)
  const names: DataName[] = []
  for (let index = 0; index < count && footer > 0; index++) {
    const at = footer + index * FOOTER_LENGTH
    if (!mds.has(at, FOOTER_LENGTH)) break
    const [name, ...others] = readingsAt(mds, mds.u32Le(at), mds.u32Le(at + 4) !== 0).map((reading) =>
      // Written on Windows, with or without the folder that it lay in.
      baseName(reading.replace('*', () => base)),
    )
    if (name === undefined) break
    names.push({ name, others })
  }
  return names.length === 0 ? [{ name: `${base}.mdf`, others: [] }] : names
}

/** A name in UTF-16, or in what the writer's system spoke; none where there is none. */
function readingsAt(mds: ByteReader, at: number, isWide: boolean): string[] {
  if (at === 0 || !mds.has(at, 4)) return []
  const bytes = mds.slice(at, NAME_LIMIT)
  if (isWide) {
    const name = new TextDecoder('utf-16le').decode(bytes).replace(/\0[\s\S]*$/, '')
    return name === '' ? [] : [name]
  }
  const end = bytes.indexOf(0)
  return end === 0 ? [] : readingsOf(end < 0 ? bytes : bytes.subarray(0, end))
}

async function readTrack(
  mds: ByteReader,
  block: number,
  session: number,
  data: ByteSource,
  log: DiagnosticLog,
): Promise<Track> {
  const number = mds.u8(block + 4)
  const byteOffset = mds.u64Le(block + 40)
  const mode = mds.u8(block) & 7
  const stated = statedLayout(mds.u16Le(block + 16) || 2048, mode)
  const { layout, isAudio } = await trueLayout(data, byteOffset, stated, mode === 1, `track ${number}`, log)
  return {
    number,
    session,
    isAudio,
    startSector: mds.u32Le(block + 36),
    sectorCount: 0,
    isPlaceStated: true,
    source: data,
    byteOffset,
    layout,
  }
}

function statedLayout(stride: number, mode: number): SectorLayout {
  return { stride, dataOffset: dataOffsetOf(stride, mode), hasHeader: mode !== 1 && stride >= 2352 }
}

function dataOffsetOf(stride: number, mode: number): number {
  if (mode === 1 || stride === 2048) return 0
  if (stride === 2336) return 8
  return mode === 2 ? 16 : 24
}

/** Sectors of a track; null where the descriptor does not say, as those of the earliest versions do not. */
function lengthOf(mds: ByteReader, block: number): number | null {
  const extra = mds.u32Le(block + 12)
  // For a CD the extra block holds pregap and length; for a DVD the field is the length itself.
  if (mds.u16Le(18) >= FIRST_DVD || mds.u8(block) === DVD_MODE) return extra > 0 ? extra : null
  const length = extra > 0 && mds.has(extra, 8) ? mds.u32Le(extra + 4) : 0
  return length > 0 ? length : null
}

/** Sets how many sectors a track has: as stated, else up to the track behind it in its file, or to that file's end. */
function measure(track: Track, stated: number | null, tracks: readonly Track[]): void {
  const { source, byteOffset, layout } = track
  const sectorsTo = (end: number): number => Math.max(0, Math.floor((end - byteOffset) / layout.stride))
  const rest = sectorsTo(source.byteLength)
  if (stated !== null) {
    track.sectorCount = Math.min(stated, rest)
    if (stated > rest) track.statedSectorCount = stated
    return
  }
  const next = tracks.filter((other) => other.source === source && other.byteOffset > byteOffset)
  track.sectorCount = Math.min(rest, ...next.map((other) => sectorsTo(other.byteOffset)))
}
