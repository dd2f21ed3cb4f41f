import { recordedIn, type ByteSource, type Place } from '../../core/byte-source'
import { SliceSource } from '../../core/sources/slice-source'
import type { DataStart } from '../../core/data-start'
import { isSectored, type SectoredSource, type SectorFaults } from '../../core/sectored-source'
import { RawSectorSource, USER_DATA_LENGTH, type SectorLayout } from '../sectors/raw-sectors'

/** The largest disc there is (BDXL, 128 GB) has fewer sectors. */
export const SECTOR_LIMIT = 1 << 26

/** One track of a table of contents. */
export interface Track {
  number: number
  /** From 1. The high-density area of a GD-ROM counts as a second one. */
  session: number
  isAudio: boolean
  /** The sector of the disc that the track's first sector (index 1) is. */
  startSector: number
  /** Sectors that `source` holds of it. */
  sectorCount: number
  /** Sectors that the sheet says it has, where it says so and the file holds fewer. */
  statedSectorCount?: number
  /** The sheet itself says where the track lies; else its place is worked out from the tracks before it. */
  isPlaceStated?: boolean
  source: ByteSource
  /** Of its first sector in `source`. */
  byteOffset: number
  layout: SectorLayout
  /** Sound in a format that is not samples (FLAC, MP3): the whole file is `source`, to be given as it is. */
  soundFile?: { extension: string; missingByteLength: number }
}

/** A disc as its table of contents describes it. */
export interface DiscLayout {
  tracks: Track[]
  /** Everything that was opened to read it, to be closed with it. */
  sources: ByteSource[]
}

interface Segment {
  start: number
  end: number
  source: ByteSource
}

/** The user data of a track, or its samples. */
export function trackContent(track: Track): ByteSource {
  const { source, byteOffset, sectorCount, layout } = track
  if (track.isAudio || layout.stride === USER_DATA_LENGTH) {
    return new SliceSource(source, byteOffset, sectorCount * layout.stride)
  }
  return new RawSectorSource(new SliceSource(source, byteOffset), layout, 0, Math.min(sectorCount, sectorsIn(track)))
}

function sectorsIn(track: Track): number {
  return Math.floor((track.source.byteLength - track.byteOffset) / track.layout.stride)
}

/**
 * A whole disc as blocks of 2048 bytes, numbered as on the disc. Audio, and gaps between tracks and sessions, read as
 * zeros and are not `recorded`.
 */
export class DiscSource implements SectoredSource {
  readonly byteLength: number
  private readonly segments: Segment[]

  constructor(private readonly layout: DiscLayout) {
    this.segments = layout.tracks
      .filter((track) => !track.isAudio)
      .map((track) => {
        const source = trackContent(track)
        const start = track.startSector * USER_DATA_LENGTH
        return { start, end: start + source.byteLength, source }
      })
      .sort((a, b) => a.start - b.start)
    this.byteLength = this.segments.reduce((most, { end }) => Math.max(most, end), 0)
  }

  read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    return this.gather(byteOffset, byteLength, (source, at, length) => source.read(at, length))
  }

  readChecked(byteOffset: number, byteLength: number, wrong: (problem: string) => void): Promise<Uint8Array> {
    return this.gather(byteOffset, byteLength, (source, at, length) =>
      source.readChecked === undefined ? source.read(at, length) : source.readChecked(at, length, wrong),
    )
  }

  recorded(byteOffset: number, byteLength: number): number {
    let sum = 0
    // Where tracks overlap, as only a broken sheet makes them, the same byte is counted once.
    let from = byteOffset
    for (const { start, end, source } of this.segments) {
      const first = Math.max(from, start)
      const last = Math.min(byteOffset + byteLength, end)
      if (first >= last) continue
      sum += recordedIn(source, first - start, last - first)
      from = last
    }
    return sum
  }

  locate(byteOffset: number, byteLength: number): Place | null {
    const segment = this.segmentAt(byteOffset)
    return segment === null ? null : segment.source.locate(byteOffset - segment.start, byteLength)
  }

  formsOf(byteOffset: number, byteLength: number, isMarked: boolean): Promise<ByteSource | null> {
    const segment = this.segmentAt(byteOffset)
    if (segment === null || !isSectored(segment.source)) return Promise.resolve(null)
    return segment.source.formsOf(byteOffset - segment.start, byteLength, isMarked)
  }

  async sectorFaults(byteOffset: number, byteLength: number): Promise<SectorFaults> {
    const found: SectorFaults = { wrong: [], blank: [], carriesSums: false }
    for (const { start, end, source } of this.segments) {
      const from = Math.max(byteOffset, start)
      const to = Math.min(byteOffset + byteLength, end)
      if (from >= to || !isSectored(source)) continue
      const { wrong, blank, carriesSums } = await source.sectorFaults(from - start, to - from)
      found.wrong.push(...wrong.map((at) => at + start))
      found.blank.push(...blank.map((at) => at + start))
      found.carriesSums ||= carriesSums
    }
    return found
  }

  async countFormTwo(): Promise<number> {
    let sum = 0
    for (const { source } of this.segments) if (isSectored(source)) sum += await source.countFormTwo()
    return sum
  }

  async close(): Promise<void> {
    for (const source of this.layout.sources) await source.close()
  }

  private segmentAt(byteOffset: number): Segment | null {
    return this.segments.find(({ start, end }) => byteOffset >= start && byteOffset < end) ?? null
  }

  private async gather(
    byteOffset: number,
    byteLength: number,
    read: (source: ByteSource, at: number, length: number) => Uint8Array | Promise<Uint8Array>,
  ): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const only = this.segments.find(({ start, end }) => byteOffset >= start && byteOffset + wanted <= end)
    if (only !== undefined) return read(only.source, byteOffset - only.start, wanted)
    const out = new Uint8Array(wanted)
    for (const { start, end, source } of this.segments) {
      const from = Math.max(byteOffset, start)
      const to = Math.min(byteOffset + wanted, end)
      if (from < to) out.set(await read(source, from - start, to - from), from - byteOffset)
    }
    return out
  }
}

/** Every data track's start: any of them may hold a volume. By address. */
export function dataStarts(layout: DiscLayout): DataStart[] {
  const starts = new Map<number, DataStart>()
  for (const track of layout.tracks) {
    if (track.isAudio || starts.has(track.startSector)) continue
    starts.set(track.startSector, { sector: track.startSector, session: track.session })
  }
  return [...starts.values()].sort((a, b) => a.sector - b.sector)
}
