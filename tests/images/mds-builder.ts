import { concat, text } from './iso-builder'

/** Media descriptors as Alcohol 120% writes them. */

const u16 = (value: number): number[] => [value & 255, (value >> 8) & 255]
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(Math.floor(value / 65536))]
const u64 = (value: number): number[] => [...u32(value % 2 ** 32), ...u32(Math.floor(value / 2 ** 32))]

export interface MdsTrack {
  number: number
  /** 0xa9 audio, 0xaa mode 1, 0xab to 0xad mode 2; 2 for a DVD. */
  mode: number
  stride: number
  /** Sector on the disc, sectors, and place in the file. */
  start: number
  length: number
  byteOffset: number
  pregap?: number
  /** 8 where 96 bytes of subchannel stand behind each sector. */
  subchannel?: number
}

export interface MdsOptions {
  /** 0 for a CD, 0x10 for a DVD. */
  medium?: number
  version?: [number, number]
  /** Names of the data files; empty: no footer. */
  names?: readonly (string | Uint8Array)[]
  isWide?: boolean
  /** Bytes between the header and the sessions, as structures of a DVD and BCA take. */
  padding?: number
  /** Values of the DPM block at the end. */
  measurements?: number
  /** Without: extra blocks with pregap and length, as the earliest versions are. */
  hasLengths?: boolean
}

/** A descriptor whose parts lie in Alcohol's order: sessions, tracks, extra blocks, footers, names, DPM. */
export function buildMds(sessions: readonly (readonly MdsTrack[])[], options: MdsOptions = {}): Uint8Array {
  const { medium = 0, version = [1, 3], names = ['*.mdf'], isWide = false, padding = 0, measurements = 2 } = options
  const isCd = medium < 0x10
  const leadIns = isCd ? 3 : 0
  const blockCount = sessions.reduce((sum, tracks) => sum + leadIns + tracks.length, 0)
  const sessionsAt = 88 + padding
  const blocksAt = sessionsAt + sessions.length * 24
  const extrasAt = blocksAt + blockCount * 80
  const footersAt = extrasAt + (isCd ? blockCount * 8 : 0)
  const namesAt = footersAt + names.length * 16
  const encoded = names.map((name) => {
    if (typeof name !== 'string') return concat(name, [0])
    return isWide ? Uint8Array.from(Buffer.from(`${name}\0`, 'utf16le')) : text(`${name}\0`)
  })
  const dpmAt = namesAt + encoded.reduce((sum, { byteLength }) => sum + byteLength, 0)

  const header = new Uint8Array(sessionsAt)
  header.set(text('MEDIA DESCRIPTOR'))
  header.set([...version, ...u16(medium), ...u16(sessions.length), ...u16(2)], 16)
  header.set([...u32(sessionsAt), ...u32(dpmAt)], 80)

  const sessionBlocks: number[] = []
  const blocks: number[] = []
  const extras: number[] = []
  let index = 0
  for (const [at, tracks] of sessions.entries()) {
    const [first, last] = [tracks[0], tracks.at(-1)]
    const end = (last?.start ?? 0) + (last?.length ?? 0)
    sessionBlocks.push(...u32((first?.start ?? 0) - 150), ...u32(end), ...u16(at + 1))
    sessionBlocks.push(leadIns + tracks.length, leadIns, ...u16(first?.number ?? 0), ...u16(last?.number ?? 0))
    sessionBlocks.push(...u32(0), ...u32(blocksAt + index * 80))
    for (const point of [0xa0, 0xa1, 0xa2].slice(0, leadIns)) {
      const block = new Uint8Array(80)
      block.set([0, 0, 0x14, 0, point])
      blocks.push(...block)
      extras.push(...u32(0), ...u32(0))
      index++
    }
    for (const track of tracks) {
      const block = new Uint8Array(80)
      block.set([track.mode, track.subchannel ?? 0, track.mode === 0xa9 ? 0x10 : 0x14, 0, track.number])
      if (options.hasLengths !== false) block.set(u32(isCd ? extrasAt + index * 8 : track.length), 12)
      block.set(u16(track.stride), 16)
      block.set([...u32(track.start), ...u64(track.byteOffset), ...u32(names.length)], 36)
      block.set(u32(names.length > 0 ? footersAt : 0), 52)
      blocks.push(...block)
      extras.push(...u32(track.pregap ?? 0), ...u32(track.length))
      index++
    }
  }
  let nameAt = namesAt
  const footers = encoded.flatMap(({ byteLength }) => {
    const footer = [...u32(nameAt), ...u32(isWide ? 1 : 0), ...u32(0), ...u32(0)]
    nameAt += byteLength
    return footer
  })
  // One block of physical measurements: number, start, resolution, count, values.
  const dpm = [...u32(1), ...u32(dpmAt + 8), ...u32(1), ...u32(0), ...u32(500), ...u32(measurements)]
  for (let at = 1; at <= measurements; at++) dpm.push(...u32(at * 77))
  return concat(header, sessionBlocks, blocks, isCd ? extras : [], footers, ...encoded, dpm)
}
