import type { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiscLayout, Track } from '../disc/disc-layout'

const SESSION_LENGTH = 24
const TRACK_LENGTH = 80
const SESSION_LIMIT = 99

/** The name of the data file that a media descriptor (.mds) points at; `*` stands for its own base name. */
export function mediaDescriptorFileName(mds: ByteReader, ownName: string): string {
  const base = ownName.replace(/\.[^.]*$/, '')
  const track = mds.u32Le(mds.u32Le(80) + 20)
  const footer = mds.u32Le(track + 52)
  const at = mds.u32Le(footer)
  const isWide = mds.u32Le(footer + 4) !== 0
  if (footer === 0 || at === 0 || !mds.has(at, 4)) return `${base}.mdf`
  const raw = mds.slice(at, 512)
  const text = (isWide ? new TextDecoder('utf-16le') : new TextDecoder('latin1')).decode(raw).replace(/\0[\s\S]*$/, '')
  return text === '' ? `${base}.mdf` : text.replace('*', base)
}

/** Alcohol 120 %: sessions, tracks and their places in the .mdf. */
export function readMediaDescriptor(mds: ByteReader, data: ByteSource): DiscLayout {
  const tracks: Track[] = []
  const sessions = Math.min(mds.u16Le(20), SESSION_LIMIT)
  const from = mds.u32Le(80)
  for (let session = 0; session < sessions; session++) {
    const at = from + session * SESSION_LENGTH
    const blocks = mds.u8(at + 10)
    const firstBlock = mds.u32Le(at + 20)
    for (let index = 0; index < blocks; index++) {
      const block = firstBlock + index * TRACK_LENGTH
      if (!mds.has(block, TRACK_LENGTH)) break
      // Points beyond 99 are the lead-in's entries about the session.
      const number = mds.u8(block + 4)
      if (number < 1 || number > 99) continue
      tracks.push(readTrack(mds, block, session + 1, number, data))
    }
  }
  return { tracks, sources: [data] }
}

function readTrack(mds: ByteReader, block: number, session: number, number: number, data: ByteSource): Track {
  const stride = mds.u16Le(block + 16) || 2048
  const mode = mds.u8(block) & 7
  const isAudio = mode === 1
  const byteOffset = mds.u64Le(block + 40)
  const extra = mds.u32Le(block + 12)
  // For a CD the extra block holds pregap and length; for a DVD the field is the length itself.
  const length = mds.has(extra, 8) && extra > block ? mds.u32Le(extra + 4) : extra
  const rest = Math.max(0, Math.floor((data.byteLength - byteOffset) / stride))
  return {
    number,
    session,
    isAudio,
    startSector: mds.u32Le(block + 36),
    sectorCount: length > 0 ? Math.min(length, rest) : rest,
    ...(length > rest ? { statedSectorCount: length } : {}),
    isPlaceStated: true,
    source: data,
    byteOffset,
    layout: { stride, dataOffset: dataOffsetOf(stride, mode), hasHeader: !isAudio && stride >= 2352 },
  }
}

function dataOffsetOf(stride: number, mode: number): number {
  if (mode === 1 || stride === 2048) return 0
  if (stride === 2336) return 8
  return mode === 2 ? 16 : 24
}
