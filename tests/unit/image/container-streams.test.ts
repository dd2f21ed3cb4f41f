import { spawnSync } from 'node:child_process'
import zlib from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { DiscImage } from '../../../src-main/image'
import { decodeXz } from '../../../src-main/image/codecs/xz/xz-stream'
import { StreamInput, type StreamReport } from '../../../src-main/image/containers/stream/stream-input'
import { buildIso, concat, text } from '../../images/iso-builder'
import { codes, contentOf, openBytes, readAll, scratch } from '../../images/open-bytes'
import { itWith } from '../desktop/programs'

/** Bytes that do not compress, so that a cut stream gives what lies before the cut. */
function noise(length: number): Uint8Array {
  let state = 1
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return state >>> 24
  })
}

const first = noise(20_000)
const plain = buildIso([
  { name: 'A.BIN;1', data: first },
  { name: 'B.BIN;1', data: noise(300_000) },
  { name: 'C.TXT;1', data: 'the end' },
]).bytes

const skippable = (length: number): Uint8Array =>
  concat([0x50, 0x2a, 0x4d, 0x18, length & 255, (length >> 8) & 255, 0, 0], new Uint8Array(length))
const half = plain.byteLength >> 1

describe('several streams in a row', () => {
  test.each([
    ['gzip members', 'a.iso.gz', concat(zlib.gzipSync(plain.subarray(0, half)), zlib.gzipSync(plain.subarray(half)))],
    [
      'zstd frames',
      'a.iso.zst',
      concat(zlib.zstdCompressSync(plain.subarray(0, half)), zlib.zstdCompressSync(plain.subarray(half))),
    ],
    [
      'zstd frames with skippable ones, as pzstd writes them',
      'a.iso.zst',
      concat(
        skippable(4),
        zlib.zstdCompressSync(plain.subarray(0, half)),
        skippable(100),
        zlib.zstdCompressSync(plain.subarray(half)),
        skippable(0),
      ),
    ],
  ])('%s are read to the last', async (_, name, packed) => {
    const image = await openBytes(packed, { name, ...scratch })
    expect(await contentOf(image, 'C.TXT')).toBe('the end')
    expect(Buffer.compare(await readAll(image.blocks), plain)).toBe(0)
    expect(codes(image)).toEqual([])
  })

  itWith(['bzip2'], 'of bzip2 the first may be empty', async () => {
    const pack = (bytes: Uint8Array): Uint8Array => spawnSync('bzip2', ['-c'], { input: bytes }).stdout
    const packed = concat(pack(new Uint8Array(0)), pack(plain))
    const image = await openBytes(packed, { name: 'a.iso.bz2', ...scratch })
    expect(Buffer.compare(await readAll(image.blocks), plain)).toBe(0)
    expect(codes(image)).toEqual([])
  })

  test('a gzip header with everything in it', async () => {
    const packed = zlib.gzipSync(plain)
    const header = concat(
      [0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3],
      [3, 0, 1, 2, 3],
      text('name\0comment\0'),
      [0, 0],
    )
    const image = await openBytes(concat(header, packed.subarray(10)), { name: 'a.iso.gz', ...scratch })
    expect(await contentOf(image, 'C.TXT')).toBe('the end')
  })
})

describe('bytes behind the end', () => {
  test.each([
    ['a.iso.gz', zlib.gzipSync(plain)],
    ['a.iso.zst', zlib.zstdCompressSync(plain)],
  ])('%s: they are told, and padding is not', async (name, packed) => {
    const image = await openBytes(concat(packed, text('junk!')), { name, ...scratch })
    expect(await contentOf(image, 'C.TXT')).toBe('the end')
    expect(image.diagnostics.find(({ code }) => code === 'BYTES_AFTER_STREAM')?.message).toContain('5 bytes follow')
    expect(codes(await openBytes(concat(packed, new Uint8Array(512)), { name, ...scratch }))).toEqual([])
  })
})

async function statuses(image: DiscImage): Promise<Record<string, string>> {
  const table = await image.view('iso9660').readTree()
  return Object.fromEntries([1, 2, 3].map((index) => [table.pathOf(index), table.statusOf(index)]))
}

describe('streams that are cut short', () => {
  test.each([
    ['a.iso.gz', zlib.gzipSync(plain)],
    ['a.iso.zst', zlib.zstdCompressSync(plain)],
  ])('%s: what there is of it is listed', async (name, packed) => {
    const image = await openBytes(packed.subarray(0, packed.byteLength - 100_000), { name, ...scratch })
    expect(codes(image)).toContain('STREAM_CUT_SHORT')
    expect(image.info.completeness.status).toBe('truncated')
    expect(await statuses(image)).toEqual({ 'A.BIN': 'complete', 'B.BIN': 'partial', 'C.TXT': 'lost' })
    const content = (await image.view('iso9660').lookup('A.BIN'))?.content
    expect(Buffer.compare(await readAll(content), first)).toBe(0)
  })

  test('without its last eight bytes a gzip file is short of nothing but its sum', async () => {
    const image = await openBytes(zlib.gzipSync(plain).subarray(0, -8), { name: 'a.iso.gz', ...scratch })
    expect(codes(image)).toEqual(['STREAM_CUT_SHORT'])
    expect(await contentOf(image, 'C.TXT')).toBe('the end')
  })

  test.each([
    ['a.iso.gz', zlib.gzipSync(plain).subarray(0, 12)],
    ['a.iso.zst', zlib.zstdCompressSync(plain).subarray(0, 12)],
  ])('%s of which nothing unpacks is refused as what it is', async (name, packed) => {
    await expect(openBytes(packed, { name, ...scratch })).rejects.toMatchObject({
      code: 'NOTHING_READABLE',
      message: expect.stringContaining('cut short') as string,
    })
  })
})

describe('streams whose sums do not fit', () => {
  test('every file of the member is damaged, and says so when it is read', async () => {
    const packed = Uint8Array.from(zlib.gzipSync(plain))
    packed.set([1, 2, 3, 4], packed.byteLength - 8)
    const image = await openBytes(packed, { name: 'a.iso.gz', ...scratch })
    expect(codes(image)).toEqual(['STREAM_SUM_WRONG'])
    const content = (await image.view('iso9660').lookup('C.TXT'))?.content
    expect(new TextDecoder().decode(await readAll(content))).toBe('the end')
    expect(content?.damage).toContain('CRC-32')
    expect(await statuses(image)).toEqual({ 'A.BIN': 'partial', 'B.BIN': 'partial', 'C.TXT': 'partial' })
  })

  test('a zstd frame is unpacked to its end all the same', async () => {
    const packed = Uint8Array.from(
      zlib.zstdCompressSync(plain, { params: { [zlib.constants.ZSTD_c_checksumFlag]: 1 } }),
    )
    expect(codes(await openBytes(packed, { name: 'a.iso.zst', ...scratch }))).toEqual([])
    packed[packed.byteLength - 1]! ^= 1
    const image = await openBytes(packed, { name: 'a.iso.zst', ...scratch })
    expect(codes(image)).toEqual(['STREAM_SUM_WRONG'])
    const content = (await image.view('iso9660').lookup('C.TXT'))?.content
    expect(new TextDecoder().decode(await readAll(content))).toBe('the end')
    expect(content?.damage).toContain('XXH64')
    expect(await statuses(image)).toEqual({ 'A.BIN': 'partial', 'B.BIN': 'partial', 'C.TXT': 'partial' })
    // Without its checksum it is short of nothing else.
    const cut = await openBytes(packed.subarray(0, -4), { name: 'a.iso.zst', ...scratch })
    expect(codes(cut)).toEqual(['STREAM_CUT_SHORT'])
    expect(Buffer.compare(await readAll(cut.blocks), plain)).toBe(0)
  })

  test('only those files may be other than recorded that lie in the part with the wrong sum', async () => {
    const halfway = Math.ceil(plain.byteLength / 4096) * 2048
    const parts = [plain.subarray(0, halfway), plain.subarray(halfway)].map((part) =>
      Uint8Array.from(zlib.gzipSync(part)),
    )
    const image = await openBytes(concat(...parts), { name: 'a.iso.gz', ...scratch })
    expect(Object.values(await statuses(image))).toEqual(['complete', 'complete', 'complete'])
    parts[1]![parts[1]!.byteLength - 8]! ^= 1
    const other = await openBytes(concat(...parts), { name: 'a.iso.gz', ...scratch })
    const found = await statuses(other)
    expect([found['A.BIN'], found['C.TXT']]).toEqual(['complete', 'partial'])
  })

  test('a stream that goes wrong in its middle gives what came before, as damaged', async () => {
    // Two stored blocks (RFC 1951 3.2.4), then one of a kind that there is not.
    const stored = (from: number): Uint8Array =>
      concat([0, 60_000 & 255, 60_000 >> 8, ~60_000 & 255, (~60_000 >> 8) & 255], plain.subarray(from, from + 60_000))
    const packed = concat([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], stored(0), stored(60_000), [6, 0, 0, 0], noise(1000))
    const image = await openBytes(packed, { name: 'a.iso.gz', ...scratch })
    expect(codes(image)).toContain('STREAM_DAMAGED')
    const content = (await image.view('iso9660').lookup('A.BIN'))?.content
    expect(Buffer.compare(await readAll(content), first)).toBe(0)
    expect(content?.damage).toContain('damaged')
    expect(await statuses(image)).toMatchObject({ 'A.BIN': 'partial', 'C.TXT': 'lost' })
  })
})

describe('.xz', () => {
  // printf 'hello, hello, hello\n' | xz --check=…
  const streams = {
    none: '/Td6WFoAAAD/EtlBAgAhARYAAAB0L+Wj4AATAA5dADQZSe6N74yHMfUvZAAAAAAAAAEiFHYn7p0Gcp56AQAAAAAAWVo=',
    crc32: '/Td6WFoAAAFpIt42AgAhARYAAAB0L+Wj4AATAA5dADQZSe6N74yHMfUvZAAAAAAA50JuUgABJhRy4oL5kEKZDQEAAAAAAVla',
    crc64: '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AATAA5dADQZSe6N74yHMfUvZAAAAAAAsEiFWdeprksAASoUfq03VR+2830BAAAAAARZWg==',
    sha256:
      '/Td6WFoAAArh+wyhAgAhARYAAAB0L+Wj4AATAA5dADQZSe6N74yHMfUvZAAAAAAAmTb6a6V2Y4AbQ8MHq10E78xBm4VnnmRPRyKZWBS3Lb0AAUIU0UwT+BibS5oBAAAAAApZWg==',
  }
  // … | xz --x86 --lzma2 and | xz --delta --lzma2
  const filtered: Record<string, string> = {
    x86: '/Td6WFoAAATm1rRGAgEEACEBFgANhjUf4AATAA5dADQZSe6N74yHMfUvZAAAAAAAsEiFWdeprksAASoUfq03VR+2830BAAAAAARZWg==',
    delta: '/Td6WFoAAATm1rRGAgEDAQAhARZ5IMTu4AATAA9dADQ/POAAIcxvDbBwpUBQAAAAsEiFWdeprksAASsUP5wsTB+2830BAAAAAARZWg==',
  }

  async function unpack(packed: Uint8Array): Promise<{ text: string; suspects: string[]; trailing: number }> {
    let at = 0
    // A byte at a time: nothing may depend on how the input is cut.
    const input = new StreamInput(() => Promise.resolve(packed.subarray(at, ++at)))
    const suspects: string[] = []
    let trailing = 0
    const report: StreamReport = {
      begins: () => undefined,
      suspect: (what) => suspects.push(what),
      trailing: (byteLength) => (trailing = byteLength),
    }
    const parts: Uint8Array[] = []
    for await (const part of decodeXz(input, report)) parts.push(part.slice())
    return { text: Buffer.concat(parts).toString(), suspects, trailing }
  }
  const bytesOf = (base64: string | undefined): Uint8Array => Uint8Array.from(Buffer.from(base64 ?? '', 'base64'))

  test.each(Object.keys(streams))('check %s', async (check) => {
    expect(await unpack(bytesOf(streams[check as keyof typeof streams]))).toEqual({
      text: 'hello, hello, hello\n',
      suspects: [],
      trailing: 0,
    })
  })

  test.each([
    ['crc32', 40],
    ['crc64', 40],
    ['sha256', 40],
  ])('a wrong check is found: %s', async (check, fromEnd) => {
    const packed = bytesOf(streams[check as keyof typeof streams])
    // The check lies before an index of eight bytes and a footer of twelve.
    const at = packed.byteLength - (check === 'sha256' ? fromEnd : 22)
    packed[at] = (packed[at] ?? 0) ^ 1
    expect((await unpack(packed)).suspects).toHaveLength(1)
  })

  test('an index that names other blocks than there are is found', async () => {
    const packed = bytesOf(streams.crc64)
    expect((await unpack(packed)).suspects).toEqual([])
    // Behind its first byte and the number of blocks: the block's length, then what it unpacks to.
    const at = packed.byteLength - 20 + 3
    expect(packed[at]).toBe(20)
    packed[at] = 21
    expect((await unpack(packed)).suspects).toHaveLength(1)
  })

  test('padding that is not a multiple of four bytes is told', async () => {
    expect(await unpack(concat(bytesOf(streams.crc64), new Uint8Array(7)))).toMatchObject({ trailing: 3 })
  })

  test('several streams with padding between, and junk behind', async () => {
    const { crc64, sha256 } = streams
    const packed = concat(bytesOf(crc64), new Uint8Array(8), bytesOf(sha256), text('junk'))
    expect(await unpack(packed)).toEqual({ text: 'hello, hello, hello\n'.repeat(2), suspects: [], trailing: 4 })
  })

  test.each(Object.keys(filtered))('the filter %s is undone', async (filter) => {
    expect(await unpack(bytesOf(filtered[filter]))).toEqual({
      text: 'hello, hello, hello\n',
      suspects: [],
      trailing: 0,
    })
  })

  test('a filter that is not known is unsupported, by number', async () => {
    const packed = bytesOf(filtered.x86)
    packed[14] = 0x0c
    new DataView(packed.buffer).setUint32(20, zlib.crc32(packed.subarray(12, 20)), true)
    await expect(openBytes(packed, { name: 'a.iso.xz', ...scratch })).rejects.toMatchObject({
      code: 'UNSUPPORTED_CONTAINER',
      message: expect.stringMatching(/number 12.*unsupported/) as string,
    })
  })

  test('what is unpacked of a block that is cut comes out before the cut is told', async () => {
    const packed = bytesOf(streams.crc64)
    let text = ''
    let at = 0
    const input = new StreamInput(() => Promise.resolve(packed.subarray(at, ++at).slice(0, at > 47 ? 0 : 1)))
    const silent: StreamReport = { begins: () => undefined, suspect: () => undefined, trailing: () => undefined }
    const reading = (async () => {
      for await (const part of decodeXz(input, silent)) text += Buffer.from(part).toString()
    })()
    await expect(reading).rejects.toMatchObject({ kind: 'cut' })
    expect('hello, hello, hello\n'.startsWith(text)).toBe(true)
    // The library serves one stream at a time: the next must not wait for the one that was left.
    expect((await unpack(bytesOf(streams.none))).text).toBe('hello, hello, hello\n')
  })
})
