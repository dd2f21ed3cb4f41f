import { readU16Le, readU32Le } from '../../src-main/image/core/byte-reader'

/** A sequence of numbers that depends on its seed alone (mulberry32). */
export class Random {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let value = this.state
    value = Math.imul(value ^ (value >>> 15), value | 1)
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61)
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  pick<T>(values: readonly T[]): T {
    const value = values[this.below(values.length)]
    if (value === undefined) throw new RangeError('nothing to pick from')
    return value
  }
}

/** Somewhere that structures lie, and how long they are. */
interface Spot {
  at: number
  byteLength: number
  /** A UDF descriptor, whose checksum and CRC can be made to fit again. */
  isTagged: boolean
}

const NUMBERS = [
  0, 1, 2, 3, 7, 8, 16, 31, 32, 33, 34, 127, 128, 254, 255, 256, 511, 512, 2047, 2048, 2049, 0x7fff, 0xffff,
]
const LARGE = [...NUMBERS, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xfffffffe, 0xffffffff]
const SIGNATURES = ['SP', 'CE', 'PX', 'NM', 'SL', 'CL', 'RE', 'PL', 'TF', 'ZF', 'SF', 'ST', 'ER', 'PD']

/** Changes an image where its structures are, as an attacker would: a few places, and values that hurt. */
export function mutate(original: Uint8Array, random: Random): Uint8Array {
  let bytes: Uint8Array = original.slice()
  const spots = findSpots(bytes)
  const count = 1 + random.below(6)
  for (let i = 0; i < count; i++) {
    if (spots.length === 0 || random.below(12) === 0) {
      bytes = mutateAnywhere(bytes, random)
      continue
    }
    const spot = random.pick(spots)
    mutateSpot(bytes, spot, spots, random)
    if (spot.isTagged && random.below(5) > 0) reseal(bytes, spot.at)
  }
  return bytes
}

function mutateAnywhere(bytes: Uint8Array, random: Random): Uint8Array {
  switch (random.below(3)) {
    case 0:
      return bytes.slice(0, random.below(bytes.byteLength))
    case 1:
      bytes[random.below(bytes.byteLength)] = random.below(256)
      return bytes
    default: {
      const at = random.below(bytes.byteLength)
      bytes.fill(random.below(256), at, at + random.below(4096))
      return bytes
    }
  }
}

function mutateSpot(bytes: Uint8Array, spot: Spot, spots: readonly Spot[], random: Random): void {
  const at = spot.at + random.below(Math.max(1, spot.byteLength))
  switch (random.below(8)) {
    case 0:
      bytes[at] = random.pick(NUMBERS) & 255
      break
    case 1:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
      break
    case 2:
      setNumber(bytes, at, random.pick(NUMBERS), 2)
      break
    case 3:
      setNumber(bytes, at, random.pick(LARGE), 4)
      break
    case 4: {
      // A number in both byte orders, or a block that means something elsewhere.
      const value = random.below(2) === 0 ? random.pick(LARGE) : Math.floor(random.pick(spots).at / 2048)
      setNumber(bytes, at, value, 4)
      put(bytes, at + 4, [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255])
      break
    }
    case 5: {
      const other = random.pick(spots)
      bytes.copyWithin(spot.at, other.at, other.at + Math.min(other.byteLength, spot.byteLength))
      break
    }
    case 6: {
      const signature = random.pick(SIGNATURES)
      put(bytes, at, [signature.charCodeAt(0), signature.charCodeAt(1), random.below(256), 1])
      break
    }
    default:
      bytes.fill(random.below(2) * 255, at, at + random.below(64))
  }
}

function put(bytes: Uint8Array, at: number, values: number[]): void {
  for (const [index, value] of values.entries()) if (at + index < bytes.byteLength) bytes[at + index] = value
}

function setNumber(bytes: Uint8Array, at: number, value: number, width: number): void {
  for (let i = 0; i < width && at + i < bytes.byteLength; i++) bytes[at + i] = Math.floor(value / 256 ** i) & 255
}

/** Descriptors, directories, continuation areas and UDF structures of an image, found by what they look like. */
function findSpots(bytes: Uint8Array): Spot[] {
  const spots: Spot[] = []
  const add = (at: number, byteLength: number, isTagged = false): void => {
    spots.push({ at, byteLength: Math.min(byteLength, bytes.byteLength - at), isTagged })
  }
  add(0, Math.min(2048, bytes.byteLength))
  if (bytes[0] === 0x68 && bytes[1] === 0x73 && bytes[2] === 0x71) addSquashfs(bytes, add)
  if (isVolume(bytes)) addStructures(bytes, add)
  for (let at = 0; at + 512 <= bytes.byteLength; at += 512) {
    const text = String.fromCharCode(...bytes.subarray(at, at + 8))
    const isDirectory = (bytes[at] ?? 0) >= 34 && bytes[at + 32] === 1 && bytes[at + 33] === 0
    if (text.startsWith('CD001', 1)) add(at, 190)
    else if (isDirectory) addRecords(bytes, at, add)
    else if (/^(NM|PX|SL|CE|TF)/.test(text)) add(at, 256)
    else if (text.startsWith('EFI PART') || text.startsWith('PM') || text.startsWith('H+') || text.startsWith('BD'))
      add(at, 512)
    else if (text.startsWith('CDROM', 9)) add(at, 190)
    else if (text.startsWith('koly')) add(at, 512)
    else if (isTagged(bytes, at)) add(at, 16 + Math.min(readU16Le(bytes, at + 10), 2032), true)
  }
  return spots
}

/** A file system of disks, or an archive, whose structures have nothing that they are found by. */
function isVolume(bytes: Uint8Array): boolean {
  const start = String.fromCharCode(...bytes.subarray(0, 8))
  return (
    readU16Le(bytes, 1080) === 0xef53 ||
    readU32Le(bytes, 1024) === 0xe0f5e1e2 ||
    /^(NTFS|EXFAT) /.test(start.slice(3)) ||
    /^(0707|\xc7\x71|\x71\xc7)/.test(start)
  )
}

/** Whatever is neither empty nor the text that such images have for content. */
function addStructures(bytes: Uint8Array, add: (at: number, byteLength: number) => void): void {
  for (let times = 0; times < 4; times++) add(0, Math.min(2048, bytes.byteLength))
  for (let at = 0; at < bytes.byteLength; at += 256) {
    const range = bytes.subarray(at, at + 256)
    if (range.includes(0) && range.some((byte) => byte !== 0 && byte !== 255)) add(at, range.byteLength)
  }
}

function addRecords(bytes: Uint8Array, start: number, add: (at: number, byteLength: number) => void): void {
  for (let at = start; at < start + 2048;) {
    const length = bytes[at] ?? 0
    if (length < 34) return
    add(at, length)
    at += length
  }
}

/** A SquashFS: its superblock, and where its tables begin and end. */
function addSquashfs(bytes: Uint8Array, add: (at: number, byteLength: number) => void): void {
  add(0, 96)
  add(0, 96)
  for (const field of [48, 64, 72, 80]) {
    const at = readU32Le(bytes, field)
    if (at < bytes.byteLength) add(at, Math.min(256, bytes.byteLength - at))
  }
}

function isTagged(bytes: Uint8Array, at: number): boolean {
  const id = readU16Le(bytes, at)
  if (!((id >= 1 && id <= 9) || (id >= 256 && id <= 266))) return false
  let sum = 0
  for (let i = 0; i < 16; i++) if (i !== 4) sum += bytes[at + i] ?? 0
  return (sum & 255) === bytes[at + 4]
}

/** Makes a UDF tag's CRC and checksum fit what is there now (ECMA-167 3/7.2). */
function reseal(bytes: Uint8Array, at: number): void {
  const length = readU16Le(bytes, at + 10)
  let crc = 0
  for (let i = at + 16; i < at + 16 + length; i++) {
    crc ^= (bytes[i] ?? 0) << 8
    for (let bit = 0; bit < 8; bit++) crc = ((crc & 0x8000) !== 0 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff
  }
  setNumber(bytes, at + 8, crc, 2)
  let sum = 0
  for (let i = 0; i < 16; i++) if (i !== 4) sum += bytes[at + i] ?? 0
  bytes[at + 4] = sum & 255
}
