import { spawnSync } from 'node:child_process'
import zlib, { crc32 } from 'node:zlib'

const SECTOR = 2048

/** Discs as UltraISO, Dark_AleX's DAX Creator and Neill Corlett's ECM pack them. */

const MASK = [0xb6, 0x8c, 0xa5, 0xde]
const masked = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte, at) => byte ^ MASK[at & 3]!))

/** Null where the program is not installed. */
function bzip2(bytes: Uint8Array): Buffer | null {
  const { status, stdout } = spawnSync('bzip2', ['-c'], { input: bytes, maxBuffer: 1 << 30 })
  return status === 0 ? stdout : null
}

/** How a chunk is kept; what cannot be packed here is stored. */
type IszKind = 'zlib' | 'bzip2' | 'stored'

function iszChunk(chunk: Buffer, kind: IszKind): [type: number, bytes: Buffer] {
  if (chunk.every((byte) => byte === 0)) return [0, Buffer.alloc(0)]
  if (kind === 'zlib') return [2, zlib.deflateSync(chunk)]
  const packed = kind === 'bzip2' ? bzip2(chunk) : null
  if (packed === null) return [1, chunk]
  packed.fill(0, 0, 3)
  return [3, packed]
}

/**
 * An ISZ image, in parts where `partLength` says how many packed bytes each has.
 * @returns its files: the image, and the parts that follow it
 */
export function buildIsz(
  disc: Uint8Array,
  kinds: readonly IszKind[] = ['zlib'],
  partLength = Infinity,
  blockLength = 16_384,
): Buffer[] {
  const table: number[] = []
  const chunks: Buffer[] = []
  for (let at = 0; at < disc.byteLength; at += blockLength) {
    const chunk = Buffer.from(disc.subarray(at, at + blockLength))
    const [type, bytes] = iszChunk(chunk, kinds[chunks.length % kinds.length]!)
    table.push(type * 2 ** 22 + (type === 0 ? chunk.byteLength : bytes.byteLength))
    chunks.push(bytes)
  }
  const data = Buffer.concat(chunks)
  const cuts = Math.max(1, Math.ceil(data.byteLength / partLength))
  const parts = Array.from({ length: cuts }, (_, index) => data.subarray(index * partLength || 0, (index + 1) * partLength))
  const pointers = Buffer.alloc(table.length * 3)
  for (const [index, entry] of table.entries()) pointers.writeUIntLE(entry, index * 3, 3)
  const segments = Buffer.alloc(cuts > 1 ? (cuts + 1) * 24 : 0)
  const dataOffset = 64 + segments.byteLength + pointers.byteLength
  if (cuts > 1)
    for (const [index, part] of parts.entries()) {
      const start = index === 0 ? dataOffset : 64
      segments.writeBigUInt64LE(BigInt(start + part.byteLength), index * 24)
      segments.writeUInt32LE(start, index * 24 + 16)
    }
  const header = Buffer.alloc(64)
  header.write('IsZ!')
  header.set([64, 1], 4)
  header.writeUInt32LE(0x1234, 6)
  header.writeUInt16LE(2048, 10)
  header.writeUInt32LE(disc.byteLength / 2048, 12)
  header.writeUInt32LE(table.length, 25)
  header.writeUInt32LE(blockLength, 29)
  header[33] = 3
  header.writeUInt32LE(64 + segments.byteLength, 35)
  header.writeUInt32LE(cuts > 1 ? 64 : 0, 39)
  header.writeUInt32LE(dataOffset, 43)
  header.writeUInt32LE(~crc32(disc) >>> 0, 48)
  header.writeUInt32LE(data.byteLength, 52)
  header.writeUInt32LE(~crc32(data) >>> 0, 60)
  return parts.map((part, index) =>
    Buffer.concat(index === 0 ? [header, masked(segments), masked(pointers), part] : [header, part]),
  )
}

/** A DAX image; frames of `plain` are kept as they are. */
export function buildDax(disc: Uint8Array, plain?: { first: number; count: number }): Buffer {
  const count = Math.ceil(disc.byteLength / 8192)
  const header = Buffer.alloc(32)
  header.write('DAX\0')
  header.writeUInt32LE(disc.byteLength, 4)
  header.writeUInt32LE(plain === undefined ? 0 : 1, 8)
  header.writeUInt32LE(plain === undefined ? 0 : 1, 12)
  const areas = Buffer.alloc(plain === undefined ? 0 : 8)
  areas.fill(0)
  if (plain !== undefined) {
    areas.writeUInt32LE(plain.first, 0)
    areas.writeUInt32LE(plain.count, 4)
  }
  const offsets = Buffer.alloc(count * 4)
  const lengths = Buffer.alloc(count * 2)
  const parts: Buffer[] = []
  let place = 32 + count * 6 + areas.byteLength
  for (let frame = 0; frame < count; frame++) {
    const bytes = Buffer.alloc(8192)
    bytes.set(disc.subarray(frame * 8192, (frame + 1) * 8192))
    const isPlain = plain !== undefined && frame >= plain.first && frame < plain.first + plain.count
    const packed = isPlain ? bytes : zlib.deflateSync(bytes)
    offsets.writeUInt32LE(place, frame * 4)
    lengths.writeUInt16LE(packed.byteLength, frame * 2)
    parts.push(packed)
    place += packed.byteLength
  }
  return Buffer.concat([header, offsets, lengths, areas, ...parts])
}

/**
 * A CISO (versions 1 and 2) or ZISO image with blocks of a sector.
 * @param pack gives a block's bytes in the file, and the top bit of its offset
 */
export function buildCompressedBlocks(
  magic: 'CISO' | 'ZISO',
  version: number,
  disc: Uint8Array,
  pack: (block: Uint8Array) => { bytes: Uint8Array; flag: boolean },
): Buffer {
  const count = Math.ceil(disc.byteLength / SECTOR)
  const header = Buffer.alloc(24)
  header.write(magic)
  header.writeUInt32LE(24, 4)
  header.writeBigUInt64LE(BigInt(disc.byteLength), 8)
  header.writeUInt32LE(SECTOR, 16)
  header.writeUInt8(version, 20)
  const table = Buffer.alloc((count + 1) * 4)
  const parts: Uint8Array[] = []
  let at = header.byteLength + table.byteLength
  for (let index = 0; index < count; index++) {
    const { bytes, flag } = pack(disc.subarray(index * SECTOR, (index + 1) * SECTOR))
    table.writeUInt32LE(at + (flag ? 2 ** 31 : 0), index * 4)
    parts.push(bytes)
    at += bytes.byteLength
  }
  table.writeUInt32LE(at, count * 4)
  return Buffer.concat([header, table, ...parts])
}

/** A GCZ image as Dolphin packs one: a block that does not become shorter is kept as it is. */
export function buildGcz(disc: Uint8Array, blockLength = 16_384): Buffer {
  const count = Math.ceil(disc.byteLength / blockLength)
  const offsets = Buffer.alloc(count * 8)
  const sums = Buffer.alloc(count * 4)
  const parts: Buffer[] = []
  let place = 0
  for (let block = 0; block < count; block++) {
    const bytes = Buffer.alloc(blockLength)
    bytes.set(disc.subarray(block * blockLength, (block + 1) * blockLength))
    const deflated = zlib.deflateSync(bytes)
    const isStored = deflated.byteLength >= blockLength
    const part = isStored ? bytes : deflated
    offsets.writeBigUInt64LE(BigInt(place) | (isStored ? 1n << 63n : 0n), block * 8)
    sums.writeUInt32LE(adler32(part), block * 4)
    parts.push(part)
    place += part.byteLength
  }
  const header = Buffer.alloc(32)
  header.writeUInt32LE(0xb10bc001, 0)
  header.writeBigUInt64LE(BigInt(place), 8)
  header.writeBigUInt64LE(BigInt(disc.byteLength), 16)
  header.writeUInt32LE(blockLength, 24)
  header.writeUInt32LE(count, 28)
  return Buffer.concat([header, offsets, sums, ...parts])
}

/** As zlib says it at the end of a stream: of bytes that are not packed. */
function adler32(bytes: Uint8Array): number {
  const stream = zlib.deflateSync(bytes, { level: 0 })
  return stream.readUInt32BE(stream.byteLength - 4)
}

/** A record of ECM: how many, and of what. */
function ecmRecord(type: number, count: number, data: Uint8Array): Buffer {
  let rest = count - 1
  const head = [type | ((rest & 31) << 2)]
  for (rest = rest >>> 5; rest > 0; rest >>>= 7) {
    head[head.length - 1]! |= 0x80
    head.push(rest & 0x7f)
  }
  return Buffer.concat([Buffer.from(head), data])
}

/**
 * Sectors of 2352 bytes in ECM form: what follows from the rest is left out.
 * @param tail bytes behind the sectors
 */
export function buildEcm(sectors: Uint8Array, mode: 1 | 2, tail: Uint8Array = new Uint8Array(0)): Buffer {
  const parts: Buffer[] = [Buffer.from('ECM\0')]
  const count = sectors.byteLength / 2352
  const all = Array.from({ length: count }, (_, index) => sectors.subarray(index * 2352, (index + 1) * 2352))
  if (mode === 1) {
    const data = all.map((sector) => Buffer.concat([sector.subarray(12, 15), sector.subarray(16, 2064)]))
    parts.push(ecmRecord(1, count, Buffer.concat(data)))
  } else
    for (const sector of all) {
      const isFormTwo = (sector[18]! & 0x20) !== 0
      parts.push(ecmRecord(0, 16, sector.subarray(0, 16)))
      parts.push(ecmRecord(isFormTwo ? 3 : 2, 1, sector.subarray(20, isFormTwo ? 2348 : 2072)))
    }
  if (tail.byteLength > 0) parts.push(ecmRecord(0, tail.byteLength, tail))
  let code = 0
  for (const byte of [...sectors, ...tail]) {
    code ^= byte
    for (let bit = 0; bit < 8; bit++) code = (code & 1) !== 0 ? (code >>> 1) ^ 0xd8018001 : code >>> 1
  }
  const end = Buffer.from([0xfc, 0xff, 0xff, 0xff, 0x3f, 0, 0, 0, 0])
  end.writeUInt32LE(code >>> 0, 5)
  return Buffer.concat([...parts, end])
}
