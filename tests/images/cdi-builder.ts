/** A track of a DiscJuggler image. */
export interface CdiTrack {
  mode: 0 | 1 | 2
  sectorLength: 2048 | 2336 | 2352
  data: Uint8Array
  /** Of its first sector on the disc. */
  start: number
  /** Sectors in front of its data. */
  pregap?: number
}

const MARK = [0, 0, 1, 0, 0, 0, 255, 255, 255, 255]
const u16 = (value: number): number[] => [value & 255, value >> 8]
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(Math.floor(value / 65_536))]
const zeros = (count: number): number[] => Array.from({ length: count }, () => 0)

/** Sessions of tracks, and their description behind them, as version 2, 3 or 3.5 has it. */
export function buildCdi(sessions: readonly (readonly CdiTrack[])[], version: 2 | 3 | 3.5 = 2): Buffer {
  const parts: Uint8Array[] = []
  const description = [...u16(sessions.length)]
  for (const tracks of sessions) {
    description.push(...u16(tracks.length))
    for (const { mode, sectorLength, data, start, pregap = 0 } of tracks) {
      const count = data.byteLength / sectorLength
      parts.push(Buffer.alloc(pregap * sectorLength), data)
      const isNew = version !== 2
      description.push(...(isNew ? [...u32(1), ...zeros(8)] : u32(0)), ...MARK, ...MARK, ...zeros(4))
      description.push(8, ...Buffer.from('name.iso'), ...zeros(19))
      description.push(...(version === 3.5 ? [...u32(0x80000000), ...zeros(8)] : u32(0)), ...u16(2))
      description.push(...u32(pregap), ...u32(count), ...zeros(6), ...u32(mode), ...zeros(12))
      description.push(...u32(start), ...u32(pregap + count), ...zeros(16))
      description.push(...u32({ 2048: 0, 2336: 1, 2352: 2 }[sectorLength]), ...zeros(29))
      if (isNew) description.push(...zeros(5), ...u32(0xffffffff), ...zeros(78))
    }
    description.push(...zeros(version === 2 ? 12 : 13))
  }
  const data = Buffer.concat(parts)
  const number = { 2: 0x80000004, 3: 0x80000005, 3.5: 0x80000006 }[version]
  const place = version === 3.5 ? description.length + 8 : data.byteLength
  return Buffer.concat([data, Buffer.from([...description, ...u32(number), ...u32(place)])])
}
