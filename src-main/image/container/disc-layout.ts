import type { ByteSource, Place } from '../byte-source'
import { SliceSource } from '../source/slice-source'
import { isSectored, RawSectorSource, USER_DATA_LENGTH, type SectoredSource, type SectorLayout } from './raw-sectors'

/** One track of a table of contents. */
export interface Track {
  number: number
  /** From 1. */
  session: number
  isAudio: boolean
  /** The sector of the disc that the track's first sector (index 1) is. */
  startSector: number
  sectorCount: number
  source: ByteSource
  /** Of its first sector in `source`. */
  byteOffset: number
  layout: SectorLayout
}

/** A disc as its table of contents describes it. */
export interface DiscLayout {
  tracks: Track[]
  /** Everything that was opened to read it, to be closed with it. */
  sources: ByteSource[]
}

interface Segment {
  start: number
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

/** A whole disc as blocks of 2048 bytes, numbered as on the disc. Audio and gaps read as zeros. */
export class DiscSource implements SectoredSource {
  readonly byteLength: number
  private readonly segments: Segment[]

  constructor(private readonly layout: DiscLayout) {
    this.segments = layout.tracks
      .filter((track) => !track.isAudio)
      .map((track) => ({ start: track.startSector * USER_DATA_LENGTH, source: trackContent(track) }))
      .sort((a, b) => a.start - b.start)
    this.byteLength = this.segments.reduce((end, { start, source }) => Math.max(end, start + source.byteLength), 0)
  }

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const only = this.segments.find(
      ({ start, source }) => byteOffset >= start && byteOffset + wanted <= start + source.byteLength,
    )
    if (only !== undefined) return only.source.read(byteOffset - only.start, wanted)
    const out = new Uint8Array(wanted)
    for (const { start, source } of this.segments) {
      const from = Math.max(byteOffset, start)
      const to = Math.min(byteOffset + wanted, start + source.byteLength)
      if (from < to) out.set(await source.read(from - start, to - from), from - byteOffset)
    }
    return out
  }

  locate(byteOffset: number, byteLength: number): Place | null {
    for (const { start, source } of this.segments) {
      if (byteOffset >= start && byteOffset < start + source.byteLength) {
        return source.locate(byteOffset - start, byteLength)
      }
    }
    return null
  }

  formTwo(byteOffset: number, byteLength: number): ByteSource | null {
    for (const { start, source } of this.segments) {
      if (byteOffset < start || byteOffset >= start + source.byteLength) continue
      return isSectored(source) ? source.formTwo(byteOffset - start, byteLength) : null
    }
    return null
  }

  async close(): Promise<void> {
    for (const source of this.layout.sources) await source.close()
  }
}

/** The sectors at which sessions begin, by their first data track. */
export function sessionStarts(layout: DiscLayout): number[] {
  const starts = new Map<number, number>()
  for (const track of layout.tracks) {
    if (!track.isAudio && !starts.has(track.session)) starts.set(track.session, track.startSector)
  }
  return [...starts.values()].sort((a, b) => a - b)
}
