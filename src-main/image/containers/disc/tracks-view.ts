import { MemoryByteSource, type ByteSource } from '../../core/byte-source'
import { FlatTree, type FlatItem } from '../../core/flat-tree'
import { SliceSource } from '../../core/sources/slice-source'
import { foundView, ViewRank, type FoundView } from '../../core/found-view'
import { trackContent, type DiscLayout, type Track } from './disc-layout'
import { isLost, statedSectors } from './short-tracks'

const WAV_HEADER_LENGTH = 44
const SAMPLE_BYTES = 2352

/** Tracks are read from their own files; their runs only tell what is there: the one byte of this, or what lies past it. */
const THERE = new MemoryByteSource(new Uint8Array(1))

/** The tracks of a table of contents: audio as .wav, data as .iso, sound in other formats as it is. */
export function tracksView(layout: DiscLayout): FoundView {
  const items: FlatItem[] = []
  const given = new Set<ByteSource>()
  for (const track of layout.tracks) {
    // Several tracks may lie in one file of a format that cannot be cut: it is there once.
    if (track.soundFile !== undefined && given.has(track.source)) continue
    given.add(track.source)
    items.push(itemOf(track))
  }
  return foundView({
    kind: 'tracks',
    label: 'Tracks',
    format: 'Table of contents',
    rank: ViewRank.tracks,
    openTree: () => new FlatTree(THERE, items),
  })
}

function itemOf(track: Track): FlatItem {
  const content = contentOf(track)
  const missing =
    track.soundFile === undefined
      ? (statedSectors(track) - track.sectorCount) * bytesPerSector(track)
      : finite(track.soundFile.missingByteLength)
  const extension = track.soundFile?.extension ?? (track.isAudio ? 'wav' : 'iso')
  return {
    name: `Track ${String(track.number).padStart(2, '0')}.${extension}`,
    byteLength: content.byteLength + missing,
    runs: missing <= 0 ? [0, 0] : [0, 1, 1, missing],
    ...(isLost(track) ? { isLost: true } : {}),
    transform: { open: () => content },
  }
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0
}

function bytesPerSector(track: Track): number {
  return track.isAudio ? SAMPLE_BYTES : 2048
}

function contentOf(track: Track): ByteSource {
  if (track.soundFile !== undefined) return new SliceSource(track.source, 0)
  return track.isAudio ? new WavSource(audioSamples(track)) : trackContent(track)
}

/** The samples without subchannel data between them. */
function audioSamples(track: Track): ByteSource {
  const { stride } = track.layout
  return stride === SAMPLE_BYTES ? trackContent(track) : new StridedSource(trackContent(track), stride, SAMPLE_BYTES)
}

/** The first `part` bytes of every `stride` of another source. */
class StridedSource implements ByteSource {
  readonly byteLength: number

  constructor(
    private readonly inner: ByteSource,
    private readonly stride: number,
    private readonly part: number,
  ) {
    this.byteLength = Math.floor(inner.byteLength / stride) * part
  }

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const out = new Uint8Array(wanted)
    const first = Math.floor(byteOffset / this.part)
    const last = Math.floor((byteOffset + wanted - 1) / this.part)
    const raw = await this.inner.read(first * this.stride, (last - first + 1) * this.stride)
    for (let index = first, done = 0; index <= last; index++) {
      const within = index === first ? byteOffset - first * this.part : 0
      const from = (index - first) * this.stride + within
      const length = Math.min(this.part - within, wanted - done)
      out.set(raw.subarray(from, from + length), done)
      done += length
    }
    return out
  }

  locate(): null {
    return null
  }

  close(): void {
    // The track belongs to the image.
  }
}

/** A WAVE file around CD audio: 44 100 Hz, 16 bits, two channels, little-endian (IEC 60908). */
export class WavSource implements ByteSource {
  readonly byteLength: number
  private readonly header: Uint8Array

  constructor(private readonly samples: ByteSource) {
    // The format counts in 32 bits; a disc never comes near.
    const dataLength = Math.min(samples.byteLength, 0xffffffff - WAV_HEADER_LENGTH)
    this.byteLength = WAV_HEADER_LENGTH + dataLength
    this.header = wavHeader(dataLength)
  }

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const head = this.header.slice(byteOffset, byteOffset + wanted)
    if (head.byteLength === wanted) return head
    const from = Math.max(0, byteOffset - WAV_HEADER_LENGTH)
    const tail = await this.samples.read(from, wanted - head.byteLength)
    if (head.byteLength === 0) return tail
    const out = new Uint8Array(head.byteLength + tail.byteLength)
    out.set(head)
    out.set(tail, head.byteLength)
    return out
  }

  locate(): null {
    return null
  }

  close(): void {
    // The track belongs to the image.
  }
}

function wavHeader(dataLength: number): Uint8Array {
  const header = new Uint8Array(WAV_HEADER_LENGTH)
  const view = new DataView(header.buffer)
  const letters = (at: number, text: string): void => header.set(new TextEncoder().encode(text), at)
  letters(0, 'RIFF')
  view.setUint32(4, 36 + dataLength, true)
  letters(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 2, true)
  view.setUint32(24, 44_100, true)
  view.setUint32(28, 44_100 * 4, true)
  view.setUint16(32, 4, true)
  view.setUint16(34, 16, true)
  letters(36, 'data')
  view.setUint32(40, dataLength, true)
  return header
}
