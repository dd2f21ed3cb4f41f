import type { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiscLayout, Track } from '../disc/disc-layout'

const SESSION_LENGTH = 24
const TRACK_LENGTH = 80
const FOOTER_LENGTH = 16
const SESSION_LIMIT = 99

/** Files that one track may be spread over: a DVD of two layers has a few. */
const FILE_LIMIT = 99

/** Opens the files that a track's bytes lie in, one behind the other; null where one is missing. */
export type DataOpener = (names: readonly string[]) => Promise<ByteSource | null>

/** Alcohol 120 %: sessions, tracks and their places in the .mdf files. Tracks whose files are missing are left out. */
export async function readMediaDescriptor(mds: ByteReader, ownName: string, open: DataOpener): Promise<DiscLayout> {
  const tracks: Track[] = []
  const sources = new Set<ByteSource>()
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
      const data = await open(fileNames(mds, block, ownName))
      if (data === null) continue
      sources.add(data)
      tracks.push(readTrack(mds, block, session + 1, number, data))
    }
  }
  return { tracks, sources: [...sources] }
}

/** The data files that a track points at; `*` stands for the descriptor's own base name. */
function fileNames(mds: ByteReader, block: number, ownName: string): string[] {
  const base = ownName.replace(/\.[^.]*$/, '')
  const count = Math.min(Math.max(1, mds.u32Le(block + 48)), FILE_LIMIT)
  const footer = mds.u32Le(block + 52)
  const names: string[] = []
  for (let index = 0; index < count && footer > 0; index++) {
    const at = footer + index * FOOTER_LENGTH
    if (!mds.has(at, FOOTER_LENGTH)) break
    const name = nameAt(mds, mds.u32Le(at), mds.u32Le(at + 4) !== 0)
    if (name === '') break
    // Written on Windows, with or without the folder that it lay in.
    names.push(name.replace('*', base).replace(/^.*[\\/]/, ''))
  }
  return names.length === 0 ? [`${base}.mdf`] : names
}

function nameAt(mds: ByteReader, at: number, isWide: boolean): string {
  if (at === 0 || !mds.has(at, 4)) return ''
  const text = new TextDecoder(isWide ? 'utf-16le' : 'latin1').decode(mds.slice(at, 512))
  return text.replace(/\0[\s\S]*$/, '')
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
