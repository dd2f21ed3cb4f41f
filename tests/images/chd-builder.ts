import { createHash } from 'node:crypto'
import zlib from 'node:zlib'

/** CD sectors of 2352 bytes and their subchannel data. */
export const FRAME = 2448

export interface ChdOptions {
  hunkLength?: number
  unitLength?: number
  /** By turns; `none`: as it is. */
  codecs?: readonly ('zlib' | 'zstd' | 'cdzl' | 'cdzs' | 'none')[]
  /** Tag and text by turns. */
  metadata?: readonly (readonly [tag: string, text: string])[]
  /** The content of the CHD that this one is based on, and its identity: hunks that are the same are taken from there. */
  base?: { content: Uint8Array; identity: Buffer }
}

function crc(bytes: Uint8Array): number {
  let sum = 0xffff
  for (const byte of bytes) {
    sum ^= byte << 8
    for (let bit = 0; bit < 8; bit++) sum = (sum & 0x8000) !== 0 ? ((sum << 1) ^ 0x1021) & 0xffff : sum << 1
  }
  return sum
}

const sha1 = (...parts: Uint8Array[]): Buffer => createHash('sha1').update(Buffer.concat(parts)).digest()

/** As `cdzl` and `cdzs` have it: which sectors lack their parity (none), a length, sectors, subchannel data. */
function packDisc(hunk: Buffer, pack: (bytes: Uint8Array) => Buffer): Buffer {
  const count = hunk.byteLength / FRAME
  const frames = Array.from({ length: count }, (_, index) => hunk.subarray(index * FRAME, (index + 1) * FRAME))
  const sectors = pack(Buffer.concat(frames.map((frame) => frame.subarray(0, 2352))))
  const beside = pack(Buffer.concat(frames.map((frame) => frame.subarray(2352))))
  const head = Buffer.alloc(Math.ceil(count / 8) + 2)
  head.writeUInt16BE(sectors.byteLength, head.byteLength - 2)
  return Buffer.concat([head, sectors, beside])
}

const deflate = (bytes: Uint8Array): Buffer => zlib.deflateRawSync(bytes)
const zstd = (bytes: Uint8Array): Buffer => zlib.zstdCompressSync(bytes)
const PACK = {
  zlib: deflate,
  zstd,
  cdzl: (hunk: Buffer) => packDisc(hunk, deflate),
  cdzs: (hunk: Buffer) => packDisc(hunk, zstd),
  none: (hunk: Buffer) => hunk,
}

/** The identity of a CHD without metadata. */
export function chdIdentity(content: Uint8Array): Buffer {
  return sha1(sha1(content))
}

/** A CHD of version 5. Hunks that are as an earlier one refer to it. */
export function buildChd(content: Uint8Array, options: ChdOptions = {}): Buffer {
  const { hunkLength = 4096, unitLength = 512, codecs = ['zlib'], metadata = [], base } = options
  const packers = [...new Set(codecs)].filter((codec) => codec !== 'none')
  const count = Math.ceil(content.byteLength / hunkLength)
  const bits: string[] = []
  const write = (value: number, length: number): void => void bits.push(value.toString(2).padStart(length, '0'))
  // Sixteen codes of four bits each, which are the symbols themselves.
  for (let symbol = 0; symbol < 16; symbol++) write(4, 4)
  const raw = Buffer.alloc(count * 12)
  const places = new Map<string, number>()
  const parts: Buffer[] = []
  const fields: [number, number][][] = []
  const start = 124
  let place = start
  for (let index = 0; index < count; index++) {
    const hunk = Buffer.alloc(hunkLength)
    hunk.set(content.subarray(index * hunkLength, (index + 1) * hunkLength))
    const key = sha1(hunk).toString('hex')
    const same = places.get(key)
    const based = base?.content.subarray(index * hunkLength, (index + 1) * hunkLength)
    const entry = raw.subarray(index * 12, index * 12 + 12)
    const describe = (type: number, length: number, offset: number, sum: number): void => {
      entry.writeUInt32BE(length, 0)
      entry[0] = type
      entry.writeUIntBE(offset, 4, 6)
      entry.writeUInt16BE(sum, 10)
      write(type, 4)
    }
    if (based !== undefined && Buffer.compare(based, hunk) === 0) {
      const unit = (index * hunkLength) / unitLength
      describe(6, 0, unit, 0)
      fields.push([[unit, 24]])
    } else if (same !== undefined) {
      describe(5, 0, same, 0)
      fields.push([[same, 24]])
    } else {
      places.set(key, index)
      const codec = codecs[index % codecs.length]!
      const packed = PACK[codec](hunk)
      const isStored = codec === 'none' || packed.byteLength >= hunkLength
      const bytes = isStored ? hunk : packed
      describe(isStored ? 4 : packers.indexOf(codec), bytes.byteLength, place, crc(hunk))
      if (isStored) fields.push([[crc(hunk), 16]])
      else fields.push([
        [bytes.byteLength, 24],
        [crc(hunk), 16],
      ])
      parts.push(bytes)
      place += bytes.byteLength
    }
  }
  for (const field of fields) for (const [value, length] of field) write(value, length)
  const stream = bits.join('').padEnd(Math.ceil(bits.join('').length / 8) * 8, '0')
  const map = Buffer.from(Array.from({ length: stream.length / 8 }, (_, at) => parseInt(stream.slice(at * 8, at * 8 + 8), 2)))
  const mapHeader = Buffer.alloc(16)
  mapHeader.writeUInt32BE(map.byteLength, 0)
  mapHeader.writeUIntBE(start, 4, 6)
  mapHeader.writeUInt16BE(crc(raw), 10)
  mapHeader.set([24, 24, 24], 12)
  const entries: Buffer[] = []
  const metadataOffset = place + mapHeader.byteLength + map.byteLength
  let at = metadataOffset
  for (const [index, [tag, text]] of metadata.entries()) {
    const entry = Buffer.alloc(16 + text.length + 1)
    entry.write(tag)
    entry.writeUInt32BE(0x01000000 + text.length + 1, 4)
    at += entry.byteLength
    entry.writeBigUInt64BE(index === metadata.length - 1 ? 0n : BigInt(at), 8)
    entry.write(text, 16)
    entries.push(entry)
  }
  const header = Buffer.alloc(124)
  header.write('MComprHD')
  header.writeUInt32BE(124, 8)
  header.writeUInt32BE(5, 12)
  for (const [index, codec] of packers.entries()) header.write(codec, 16 + index * 4)
  if (packers.length === 0) header.write('zlib', 16)
  header.writeBigUInt64BE(BigInt(content.byteLength), 32)
  header.writeBigUInt64BE(BigInt(place), 40)
  header.writeBigUInt64BE(metadata.length === 0 ? 0n : BigInt(metadataOffset), 48)
  header.writeUInt32BE(hunkLength, 56)
  header.writeUInt32BE(unitLength, 60)
  const sum = sha1(content)
  const sums = entries
    .map((entry) => Buffer.concat([entry.subarray(0, 4), sha1(entry.subarray(16))]))
    .sort((a, b) => Buffer.compare(a, b))
  header.set(sum, 64)
  header.set(sha1(sum, ...sums), 84)
  if (base !== undefined) header.set(base.identity, 104)
  return Buffer.concat([header, ...parts, mapHeader, map, ...entries])
}

/** Sectors as a CHD of a CD keeps them: each in a frame, filled up to four. */
export function framesOf(sectors: Uint8Array, sectorLength: number): Buffer {
  const count = sectors.byteLength / sectorLength
  const out = Buffer.alloc(Math.ceil(count / 4) * 4 * FRAME)
  for (let index = 0; index < count; index++)
    out.set(sectors.subarray(index * sectorLength, (index + 1) * sectorLength), index * FRAME)
  return out
}
