import { concat, text } from './iso-builder'

/** Images as Nero Burning ROM writes them, and as others write them in its form. */

const u16 = (value: number): number[] => [(value >> 8) & 255, value & 255]
const u32 = (value: number): number[] => [...u16(Math.floor(value / 65536) & 0xffff), ...u16(value & 0xffff)]
const u64 = (value: number): number[] => [...u32(Math.floor(value / 2 ** 32)), ...u32(value % 2 ** 32)]
const bcd = (value: number): number => (Math.floor(value / 10) << 4) | (value % 10)

export interface NeroTrack {
  mode: number
  stride: number
  /** Bytes of index 0. */
  pause: Uint8Array
  data: Uint8Array
  /** Of index 1 on the disc. */
  address: number
  /** Sectors that the track has besides, and the file does not. */
  missing?: number
}

export interface NeroOptions {
  /** Version 2, whose places have 64 bits. */
  isWide: boolean
  /** DAO and CUE chunks; else ETN. */
  isAtOnce?: boolean
  /** TINF instead of ETNF: without addresses. */
  isOldest?: boolean
  /** Of the chunks of each session. */
  order?: readonly string[]
  /** Bytes by which the chunk that describes the tracks is too short. */
  cutTracks?: number
}

export function buildNero(sessions: readonly (readonly NeroTrack[])[], options: NeroOptions): Uint8Array {
  const { isWide, isAtOnce = true, isOldest = false, order = ['CUE', 'DAO', 'ETN', 'CDTX', 'SINF', 'MTYP'] } = options
  const place = isWide ? u64 : u32
  const data: Uint8Array[] = []
  const chunks: Uint8Array[] = []
  let at = 0
  let number = 0
  for (const tracks of sessions) {
    const first = number + 1
    const cue: number[] = [0x41, 0, 0, 0, ...address(-150)]
    const dao: number[] = []
    const etn: number[] = []
    for (const track of tracks) {
      number++
      const start = at + track.pause.byteLength
      const end = start + track.data.byteLength + (track.missing ?? 0) * track.stride
      const pauseSectors = track.pause.byteLength / track.stride
      const kind = track.mode === 7 || track.mode === 0x10 ? 0x01 : 0x41
      cue.push(kind, bcd(number), 0, 0, ...address(track.address - pauseSectors))
      cue.push(kind, bcd(number), 1, 0, ...address(track.address))
      dao.push(...new Uint8Array(12), ...u16(track.stride), track.mode, 0, 0, 1, ...place(at), ...place(start), ...place(end))
      etn.push(...place(start), ...place(end - start), ...u32(track.mode))
      if (!isOldest) etn.push(...u32(track.address), ...u32(0), ...(isWide ? u32((end - start) / track.stride) : []))
      data.push(track.pause, track.data)
      at = start + track.data.byteLength
    }
    const last = tracks.at(-1)
    cue.push(0x41, 0xaa, 1, 0, ...address((last?.address ?? 0) + (last?.data.byteLength ?? 0) / (last?.stride ?? 1)))
    const cut = options.cutTracks ?? 0
    const header = concat(u32(22 + dao.length), new Uint8Array(14), [0, 0, first, number])
    const bodies: Record<string, [string, Uint8Array] | undefined> = {
      CUE: isAtOnce ? [isWide ? 'CUEX' : 'CUES', Uint8Array.from(cue)] : undefined,
      DAO: isAtOnce ? [isWide ? 'DAOX' : 'DAOI', concat(header, dao.slice(0, dao.length - cut))] : undefined,
      ETN: isAtOnce ? undefined : [isOldest ? 'TINF' : isWide ? 'ETN2' : 'ETNF', Uint8Array.from(etn)],
      CDTX: ['CDTX', new Uint8Array(36).fill(0x80)],
      SINF: ['SINF', Uint8Array.from(u32(tracks.length))],
      MTYP: ['MTYP', Uint8Array.from(u32(1))],
    }
    for (const id of order) {
      const body = bodies[id]
      if (body !== undefined) chunks.push(concat(text(body[0]), u32(body[1].byteLength), body[1]))
    }
  }
  chunks.push(concat(text('END!'), u32(0)))
  const end = isWide ? concat(text('NER5'), u64(at)) : concat(text('NERO'), u32(at))
  return concat(...data, ...chunks, end)

  function address(sector: number): number[] {
    if (isWide) return u32(sector >>> 0)
    const frame = sector + 150
    return [0, bcd(Math.floor(frame / 4500)), bcd(Math.floor(frame / 75) % 60), bcd(frame % 75)]
  }
}
