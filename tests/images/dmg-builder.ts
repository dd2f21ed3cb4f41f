import { spawnSync } from 'node:child_process'
import zlib from 'node:zlib'
import { packLzfse } from './lzfse-builder'

const SECTOR = 512
export const ChunkKind = {
  zeros: 0,
  stored: 1,
  adc: 0x80000004,
  zlib: 0x80000005,
  bzip2: 0x80000006,
  lzfse: 0x80000007,
  xz: 0x80000008,
} as const

/** By a program of the system; null where it is not installed. */
function by(program: string, bytes: Uint8Array): Buffer | null {
  const { status, stdout } = spawnSync(program, ['-c'], { input: bytes, maxBuffer: 1 << 30 })
  return status === 0 ? stdout : null
}

/** Literals and runs, as little of ADC as makes every one of its three forms appear. */
function packAdc(bytes: Uint8Array): Buffer {
  const out: number[] = []
  for (let at = 0; at < bytes.byteLength;) {
    let run = 1
    while (at + run < bytes.byteLength && run < 67 && bytes[at + run] === bytes[at]) run++
    if (run >= 8) {
      // One literal, then a match with distance 1: short up to 18 bytes, long up to 67.
      out.push(0x80, bytes[at]!)
      const rest = run - 1
      if (rest <= 18) out.push((rest - 3) << 2, 0)
      else out.push(0x40 | (rest - 4), 0, 0)
      at += run
      continue
    }
    const literals = Math.min(128, bytes.byteLength - at, run + 3)
    out.push(0x80 | (literals - 1), ...bytes.subarray(at, at + literals))
    at += literals
  }
  return Buffer.from(out)
}

/** A CRC-32 as UDIF writes sums: kind, bits, value. */
function writeSum(bytes: Buffer, at: number, sum: number): void {
  bytes.writeUInt32BE(2, at)
  bytes.writeUInt32BE(32, at + 4)
  bytes.writeUInt32BE(sum, at + 8)
}

/**
 * A disk image as Apple's UDIF has it. The chunks take the kinds by turns; what cannot be packed here is stored.
 * @param disk padded to sectors of 512 bytes
 * @param spoil changes the table before it is written down: its header has 204 bytes, each chunk 40
 * @param list where the table stands: in a property list, a resource fork, or in both, the list being spoilt
 */
export function buildDmg(
  disk: Uint8Array,
  kinds: readonly number[],
  chunkSectors = 32,
  spoil: (table: Buffer) => void = () => undefined,
  list: 'xml' | 'fork' | 'damaged xml' = 'xml',
): Uint8Array {
  const padded = Buffer.concat([disk, Buffer.alloc((SECTOR - (disk.byteLength % SECTOR)) % SECTOR)])
  const sectorCount = padded.byteLength / SECTOR
  const stored: Buffer[] = []
  const chunks: { type: number; start: number; count: number; offset: number; length: number }[] = []
  let offset = 0
  for (let start = 0, index = 0; start < sectorCount; start += chunkSectors, index++) {
    const count = Math.min(chunkSectors, sectorCount - start)
    const bytes = padded.subarray(start * SECTOR, (start + count) * SECTOR)
    let type = kinds[index % kinds.length]!
    if (type === ChunkKind.zeros && bytes.some((byte) => byte !== 0)) type = ChunkKind.stored
    const packed =
      type === ChunkKind.zlib
        ? zlib.deflateSync(bytes)
        : type === ChunkKind.adc
          ? packAdc(bytes)
          : type === ChunkKind.lzfse
            ? Buffer.from(packLzfse(bytes, 'bvxn'))
          : type === ChunkKind.bzip2
            ? by('bzip2', bytes)
            : type === ChunkKind.xz
              ? by('xz', bytes)
              : type === ChunkKind.zeros
                ? Buffer.alloc(0)
                : bytes
    const data = packed ?? bytes
    chunks.push({ type: packed === null ? ChunkKind.stored : type, start, count, offset, length: data.byteLength })
    stored.push(data)
    offset += data.byteLength
  }
  const mish = Buffer.alloc(204 + (chunks.length + 1) * 40)
  mish.write('mish', 0)
  mish.writeUInt32BE(1, 4)
  mish.writeBigUInt64BE(BigInt(sectorCount), 16)
  mish.writeUInt32BE(chunkSectors + 8, 32)
  writeSum(mish, 64, zlib.crc32(padded))
  mish.writeUInt32BE(chunks.length + 1, 200)
  for (const [index, { type, start, count, offset: at, length }] of chunks.entries()) {
    const place = 204 + index * 40
    mish.writeUInt32BE(type, place)
    mish.writeBigUInt64BE(BigInt(start), place + 8)
    mish.writeBigUInt64BE(BigInt(count), place + 16)
    mish.writeBigUInt64BE(BigInt(at), place + 24)
    mish.writeBigUInt64BE(BigInt(length), place + 32)
  }
  mish.writeUInt32BE(0xffffffff, 204 + chunks.length * 40)
  mish.writeBigUInt64BE(BigInt(sectorCount), 204 + chunks.length * 40 + 8)
  mish.writeBigUInt64BE(BigInt(offset), 204 + chunks.length * 40 + 24)
  spoil(mish)
  const data = mish.toString('base64').replace(/(.{76})/g, '$1\n')
  const xml = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>resource-fork</key>
	<dict>
		<key>blkx</key>
		<array>
			<dict>
				<key>Attributes</key>
				<string>0x0050</string>
				<key>Data</key>
				<data>
${list === 'xml' ? data : data.slice(20)}
				</data>
				<key>ID</key>
				<string>0</string>
				<key>Name</key>
				<string>whole disk (unknown partition : 0)</string>
			</dict>
		</array>
	</dict>
</dict>
</plist>
`)
  const koly = Buffer.alloc(512)
  koly.write('koly', 0)
  koly.writeUInt32BE(4, 4)
  koly.writeUInt32BE(512, 8)
  koly.writeUInt32BE(1, 12)
  koly.writeBigUInt64BE(BigInt(offset), 32)
  koly.writeUInt32BE(1, 56)
  koly.writeUInt32BE(1, 60)
  koly.writeBigUInt64BE(BigInt(offset), 216)
  koly.writeBigUInt64BE(BigInt(xml.byteLength), 224)
  const fork = list === 'xml' ? Buffer.alloc(0) : resourceFork(mish)
  if (list === 'fork') koly.fill(0, 216, 232)
  if (list !== 'xml') {
    koly.writeBigUInt64BE(BigInt(offset + xml.byteLength), 40)
    koly.writeBigUInt64BE(BigInt(fork.byteLength), 48)
  }
  writeSum(koly, 80, zlib.crc32(Buffer.concat(stored)))
  writeSum(koly, 352, zlib.crc32(mish.subarray(72, 76)))
  koly.writeUInt32BE(1, 488)
  koly.writeBigUInt64BE(BigInt(sectorCount), 492)
  return new Uint8Array(Buffer.concat([...stored, xml, fork, koly]))
}

/** With one resource of another kind in front of the table, which has a name. */
function resourceFork(table: Buffer): Buffer {
  const resource = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.byteLength)
    return Buffer.concat([length, bytes])
  }
  const data = Buffer.concat([resource(Buffer.from('other')), resource(table)])
  const name = Buffer.from('\x0awhole disk', 'latin1')
  const map = Buffer.alloc(28 + 2 + 2 * 8 + 2 * 12)
  map.writeUInt16BE(28, 24)
  map.writeUInt16BE(map.byteLength, 26)
  map.writeUInt16BE(1, 28)
  map.write('plst', 30)
  map.writeUInt16BE(18, 36)
  map.write('blkx', 38)
  map.writeUInt16BE(30, 44)
  map.writeUInt16BE(0xffff, 46 + 2)
  map.writeUInt16BE(0, 58 + 2)
  map.writeUInt32BE(9, 58 + 4)
  const header = Buffer.alloc(16)
  header.writeUInt32BE(16, 0)
  header.writeUInt32BE(16 + data.byteLength, 4)
  header.writeUInt32BE(data.byteLength, 8)
  header.writeUInt32BE(map.byteLength + name.byteLength, 12)
  return Buffer.concat([header, data, map, name])
}
