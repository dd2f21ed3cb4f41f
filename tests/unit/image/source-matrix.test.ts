import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { FileByteSource } from '../../../src-main/files/file-byte-source'
import { UploadByteSource } from '../../../src-main/engine/images/upload-source'
import { MemoryByteSource, type ByteSource } from '../../../src-main/image'
import { zisofsPacking } from '../../../src-main/image/codecs/zisofs'
import { openCompressedBlocks } from '../../../src-main/image/containers/blocks/compressed-blocks'
import { DiscSource } from '../../../src-main/image/containers/disc/disc-layout'
import { WavSource } from '../../../src-main/image/containers/disc/tracks-view'
import { COOKED, RawSectorSource } from '../../../src-main/image/containers/sectors/raw-sectors'
import { SuspectSource } from '../../../src-main/image/containers/stream/suspect-source'
import { DiagnosticLog } from '../../../src-main/image/core/diagnostic-log'
import { SwappedSource } from '../../../src-main/image/core/sources/swapped-source'
import { ConcatSource } from '../../../src-main/image/core/sources/concat-source'
import { ExtentSource } from '../../../src-main/image/core/sources/extent-source'
import { OverlaidSource } from '../../../src-main/image/core/sources/overlaid-source'
import { PackedSource } from '../../../src-main/image/core/sources/packed-source'
import { PlacedSource } from '../../../src-main/image/core/sources/placed-source'
import { SliceSource } from '../../../src-main/image/core/sources/slice-source'
import { TolerantSource } from '../../../src-main/image/core/sources/tolerant-source'
import { sectors } from '../../images/cd-sectors'
import { packZisofs } from '../../images/zisofs'
import { CONTAINERS } from '../../ways/containers'
import { temporaryFolder } from '../support'

/** Not a multiple of any block, and no two blocks alike. */
const LENGTH = 2048 * 41 + 777
const BYTES = Uint8Array.from({ length: LENGTH }, (_, index) => (index * 7 + (index >> 8) * 13 + (index >> 16)) & 0xff)
const PADDED = new Uint8Array(Buffer.concat([BYTES, new Uint8Array(2048 - 777)]))
const memory = (bytes: Uint8Array): MemoryByteSource => new MemoryByteSource(bytes)

function swapped(bytes: Uint8Array): Uint8Array {
  const out = bytes.slice(0, bytes.byteLength & ~1)
  for (let at = 0; at + 1 < out.byteLength; at += 2) [out[at], out[at + 1]] = [out[at + 1]!, out[at]!]
  return out
}

async function compressed(id: 'cso' | 'zso'): Promise<ByteSource> {
  const folder = temporaryFolder()
  const made = CONTAINERS.find((container) => container.id === id)!.make(BYTES, folder)!
  return (await openCompressedBlocks(memory(new Uint8Array(fs.readFileSync(made.path))), 'a.cso'))!
}

/** 44 100 Hz, 16 bits, two channels, as its forty-four bytes say. */
function waveHeader(dataLength: number): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + dataLength, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(2, 22)
  header.writeUInt32LE(44_100, 24)
  header.writeUInt32LE(176_400, 28)
  header.writeUInt16LE(4, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(dataLength, 40)
  return header
}

interface Case {
  open: () => ByteSource | Promise<ByteSource>
  expected: Uint8Array
}

/** Every kind of source, and what it is to give. A new kind is a row. */
const SOURCES: Record<string, Case> = {
  memory: { open: () => memory(BYTES), expected: BYTES },
  file: {
    open: () => {
      const file = path.join(temporaryFolder(), 'bytes')
      fs.writeFileSync(file, BYTES)
      return FileByteSource.open(file)
    },
    expected: BYTES,
  },
  upload: {
    open: () =>
      new UploadByteSource('id', 'name', LENGTH, ({ byteOffset, byteLength }) =>
        Promise.resolve(BYTES.slice(byteOffset, byteOffset + byteLength)),
      ),
    expected: BYTES,
  },
  slice: { open: () => new SliceSource(memory(BYTES), 1001, 50_000), expected: BYTES.subarray(1001, 51_001) },
  'slice past the end': { open: () => new SliceSource(memory(BYTES), 60_000, 1e9), expected: BYTES.subarray(60_000) },
  parts: {
    open: () =>
      new ConcatSource([BYTES.subarray(0, 10), BYTES.subarray(10, 30_001), BYTES.subarray(30_001)].map(memory)),
    expected: BYTES,
  },
  'extents with a hole': {
    open: () => new ExtentSource(memory(BYTES), [4096, 3000, -1, 500, 100, 7000], 10_500),
    expected: Buffer.concat([BYTES.subarray(4096, 7096), new Uint8Array(500), BYTES.subarray(100, 7100)]),
  },
  tolerant: { open: () => new TolerantSource(memory(BYTES), new DiagnosticLog()), expected: BYTES },
  overlaid: {
    open: () => new OverlaidSource(memory(BYTES), 5000, new Uint8Array(3000).fill(9)),
    expected: Buffer.concat([BYTES.subarray(0, 5000), new Uint8Array(3000).fill(9), BYTES.subarray(8000)]),
  },
  placed: {
    open: () => new PlacedSource(memory(BYTES), 6000),
    expected: Buffer.concat([new Uint8Array(6000), BYTES]),
  },
  suspect: { open: () => new SuspectSource(memory(BYTES), [{ from: 1, to: 2, problem: 'x' }]), expected: BYTES },
  'raw sectors of mode 1': {
    open: () => new RawSectorSource(memory(sectors(PADDED)), { stride: 2352, dataOffset: 16, hasHeader: true }),
    expected: PADDED,
  },
  'raw sectors of mode 2': {
    open: () => new RawSectorSource(memory(sectors(PADDED, 0, 2)), { stride: 2352, dataOffset: 24, hasHeader: true }),
    expected: PADDED,
  },
  'a disc of two data tracks and a gap': {
    open: () => {
      const track = (number: number, startSector: number, from: number, sectorCount: number) => ({
        number,
        session: 1,
        isAudio: false,
        startSector,
        sectorCount,
        source: memory(PADDED),
        byteOffset: from * 2048,
        layout: COOKED,
      })
      return new DiscSource({ tracks: [track(1, 0, 0, 10), track(2, 15, 10, 32)], sources: [] })
    },
    expected: Buffer.concat([PADDED.subarray(0, 10 * 2048), new Uint8Array(5 * 2048), PADDED.subarray(10 * 2048)]),
  },
  cso: { open: () => compressed('cso'), expected: BYTES },
  zso: { open: () => compressed('zso'), expected: BYTES },
  packed: {
    open: () => {
      const stored = packZisofs(BYTES)
      const packing = zisofsPacking({ version: 1, headerLength: 16, blockSizeLog2: 15, byteLength: LENGTH })
      return new PackedSource(memory(stored), packing, LENGTH)
    },
    expected: BYTES,
  },
  'swapped samples': { open: () => new SwappedSource(memory(swapped(PADDED))), expected: PADDED },
  'a sound file': {
    open: () => new WavSource(memory(PADDED)),
    expected: Buffer.concat([waveHeader(PADDED.byteLength), PADDED]),
  },
}

/** Pairs of offset and length around everything that may be a border. */
const RANGES: [number, number][] = [
  [0, 1],
  [1, 1],
  [2047, 2],
  [2048, 2048],
  [2040, 5000],
  [4095, 3],
  [9999, 12_345],
  [20_479, 10_242],
  [32_767, 2],
  [65_535, 3],
]

describe.each(Object.entries(SOURCES))('%s', (_name, { open, expected }) => {
  const same = (bytes: Uint8Array, from: number, length: number): void => {
    const wanted = expected.subarray(from, Math.max(from, from + length))
    expect(bytes.byteLength).toBe(wanted.byteLength)
    expect(Buffer.compare(bytes, wanted)).toBe(0)
  }

  it('is as long as it says, and gives all of it at once', async () => {
    const source = await open()
    expect(source.byteLength).toBe(expected.byteLength)
    same(await source.read(0, source.byteLength), 0, expected.byteLength)
    await source.close()
  })

  it('gives any range, forwards and backwards', async () => {
    const source = await open()
    for (const [from, length] of [...RANGES, ...RANGES.toReversed()])
      same(await source.read(from, length), from, length)
    await source.close()
  })

  it('gives several ranges at the same time', async () => {
    const source = await open()
    const read = await Promise.all(RANGES.map(async ([from, length]) => source.read(from, length)))
    for (const [index, [from, length]] of RANGES.entries()) same(read[index]!, from, length)
    await source.close()
  })

  it('ends where it ends: less is given, and nothing behind it or before it', async () => {
    const source = await open()
    const end = source.byteLength
    same(await source.read(end - 3, 100), end - 3, 3)
    expect((await source.read(end, 10)).byteLength).toBe(0)
    expect((await source.read(end + 5000, 10)).byteLength).toBe(0)
    expect((await source.read(-1, 10)).byteLength).toBeLessThanOrEqual(0)
    expect((await source.read(5, 0)).byteLength).toBe(0)
    await source.close()
  })

  it('gives bytes that stay as they are, whatever is read later', async () => {
    const source = await open()
    const first = await source.read(100, 3000)
    await source.read(7000, 3000)
    same(first, 100, 3000)
    await source.close()
  })

  it('lies where it says, in the file that it names', async () => {
    const source = await open()
    for (const [from, length] of RANGES) {
      if (from >= source.byteLength) continue
      const place = source.locate(from, length)
      if (place === null) continue
      expect(place.byteLength).toBeLessThanOrEqual(length)
      same(await place.file.read(place.byteOffset, place.byteLength), from, place.byteLength)
    }
    expect(source.locate(source.byteLength, 10)).toBeNull()
    await source.close()
  })

  it('says how much of it is recorded, never more than there is', async () => {
    const source = await open()
    if (source.recorded === undefined) return
    expect(source.recorded(0, source.byteLength)).toBeLessThanOrEqual(source.byteLength)
    expect(source.recorded(source.byteLength, 100)).toBe(0)
    await source.close()
  })
})

describe('a file that is shorter than it was', () => {
  it.each([0, 1, 2047, 40_000])('gives what there is: %i bytes', (length) => {
    const file = path.join(temporaryFolder(), 'cut')
    fs.writeFileSync(file, BYTES)
    const source = FileByteSource.open(file)
    fs.truncateSync(file, length)
    expect(Buffer.compare(source.read(0, LENGTH), BYTES.subarray(0, length))).toBe(0)
    expect(source.read(LENGTH - 10, 10).byteLength).toBe(0)
    source.close()
  })

  it('inside a compressed image is an error, never zeros', async () => {
    const folder = temporaryFolder()
    const made = CONTAINERS.find(({ id }) => id === 'cso')!.make(BYTES, folder)!
    const bytes = new Uint8Array(fs.readFileSync(made.path))
    const source = await openCompressedBlocks(memory(bytes.subarray(0, bytes.byteLength - 3000)), 'a.cso')
    await expect(Promise.resolve(source!.read(0, LENGTH))).rejects.toThrow()
  })
})
