import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { StreamInput } from '../../../src-main/image/codecs/stream-input'
import { unpackHere } from '../../../src-main/image/codecs/unpackers'
import { LostMatchError, LzmaDecoder } from '../../../src-main/image/codecs/lzma'
import { faultOf, FIRST_WINDOW, makeRoom } from '../../../src-main/image/codecs/lzma-window'
import { decodeLoneLzma, isLoneLzma } from '../../../src-main/image/containers/initrd/lone-lzma'
import { compressorOf } from '../../../src-main/image/filesystems/squashfs/compressors'
import { BlockRecords } from '../../../src-main/image/codecs/xz/block-records'
import { unpackXz } from '../../../src-main/image/codecs/xz/xz-block'
import { decodeXz } from '../../../src-main/image/codecs/xz/xz-stream'
import { openBytes, readAll } from '../../images/open-bytes'
import { itWith, run } from '../desktop/programs'
import { temporaryFolder } from '../support'

/** Four bytes of a call or jump of each architecture, of which some bits are left to chance. */
const CALLS: Record<string, (random: () => number) => number[]> = {
  x86: (random) => [0xe8 | (random() & 1), random(), random(), random(), random() & 1 ? 0xff : 0],
  powerpc: (random) => [0x48 | (random() & 3), random(), random(), (random() & 0xfc) | 1],
  ia64: (random) => [0x10 | (random() & 15), ...Array.from({ length: 15 }, random)],
  arm: (random) => [random(), random(), random(), 0xeb],
  armthumb: (random) => [random(), 0xf0 | (random() & 7), random(), 0xf8 | (random() & 7)],
  sparc: (random) =>
    random() & 1 ? [0x40, random() & 0x3f, random(), random()] : [0x7f, random() | 0xc0, random(), 0],
  arm64: (random) =>
    random() & 1 ? [random(), random(), random(), 0x94 | (random() & 3)] : [random(), random(), random() & 15, 0x90],
}

function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return state >>> 24
  }
}

/** Calls beside one another and bytes between, so that each rule of a filter is met many times. */
function program(name: string, alignment: number, length = 200_000): Buffer {
  const random = generator(name.length + 7)
  const call = CALLS[name] ?? CALLS.x86!
  const bytes: number[] = []
  while (bytes.length < length) {
    if (random() < 128) bytes.push(...call(random))
    else for (let left = (random() % 8) * alignment; left > 0; left--) bytes.push(random() < 60 ? 0xe8 : random())
  }
  return Buffer.from(bytes)
}

const ALIGNMENT: Record<string, number> = { x86: 1, powerpc: 4, ia64: 16, arm: 4, armthumb: 2, sparc: 4, arm64: 4 }

function packedBy(filters: string[], bytes: Uint8Array): Uint8Array {
  const { stdout, stderr, status } = spawnSync('xz', ['-c', ...filters], { input: bytes, maxBuffer: 1 << 24 })
  if (status !== 0) throw new Error(stderr.toString())
  return new Uint8Array(stdout)
}

/** Pieces of a length that suits no filter. */
function sliced(packed: Uint8Array): () => Promise<Uint8Array> {
  let at = 0
  return () => Promise.resolve(packed.subarray(at, (at += 1013)))
}

const NOTHING = { suspect: () => undefined, trailing: () => undefined }

async function unpackPieces(packed: Uint8Array): Promise<{ bytes: Buffer; suspects: string[] }> {
  const input = new StreamInput(sliced(packed))
  const suspects: string[] = []
  const parts: Buffer[] = []
  const report = { begins: () => undefined, suspect: (what: string) => suspects.push(what), trailing: () => undefined }
  for await (const part of decodeXz(input, report)) parts.push(Buffer.from(part.slice()))
  return { bytes: Buffer.concat(parts), suspects }
}

describe('filters of .xz', () => {
  for (const name of Object.keys(CALLS)) {
    itWith('xz', `undoes ${name}, from any start`, async () => {
      const bytes = program(name, ALIGNMENT[name] ?? 1)
      for (const option of [`--${name}`, `--${name}=start=4096`]) {
        const packed = packedBy([option, '--lzma2=preset=1'], bytes)
        const unpacked = await unpackPieces(packed)
        expect(Buffer.compare(unpacked.bytes, bytes)).toBe(0)
        expect(unpacked.suspects).toEqual([])
        expect(Buffer.compare(unpackXz(packed, bytes.byteLength), bytes)).toBe(0)
      }
    })
  }

  itWith('xz', 'undoes several, the last one first', async () => {
    const bytes = program('arm', 4)
    const packed = packedBy(['--delta=dist=255', '--x86', '--arm', '--lzma2=preset=1'], bytes)
    expect(Buffer.compare((await unpackPieces(packed)).bytes, bytes)).toBe(0)
  })

  itWith('xz', 'begins anew with every block', async () => {
    const bytes = program('x86', 1)
    const packed = packedBy(['--block-size=50001', '--x86', '--lzma2=preset=1'], bytes)
    expect(await unpackPieces(packed)).toEqual({ bytes, suspects: [] })
  })

  it('names one that is not read, and takes it for no damage', async () => {
    // … | xz --x86 --lzma2, with the number of another filter.
    const base64 =
      '/Td6WFoAAATm1rRGAgEEACEBFgANhjUf4AATAA5dADQZSe6N74yHMfUvZAAAAAAAsEiFWdeprksAASoUfq03VR+2830BAAAAAARZWg=='
    const packed = Uint8Array.from(Buffer.from(base64, 'base64'))
    packed[14] = 0x0b
    new DataView(packed.buffer).setUint32(20, zlib.crc32(packed.subarray(12, 20)), true)
    expect(() => unpackXz(packed, 100)).toThrow(
      expect.objectContaining({ kind: 'unsupported', message: expect.stringMatching(/filter RISC-V/) as string }),
    )
    await expect(compressorOf(4, unpackHere)!.unpack(packed, 100)).rejects.toMatchObject({
      code: 'UNSUPPORTED_CONTAINER',
      message: expect.stringMatching(/RISC-V.*unsupported/) as string,
    })
  })

  itWith('mksquashfs', 'are undone in a SquashFS', async () => {
    const folder = temporaryFolder()
    const bytes = Buffer.concat(
      // Calls of one function from everywhere: filtered they are all the same.
      Array.from({ length: 40_000 }, (_, index) => {
        const call = Buffer.from([0x90, 0xe8, 0, 0, 0, 0, (index * 7919) & 255])
        call.writeInt32LE(-(index * 7 + 6), 2)
        return call
      }),
    )
    fs.mkdirSync(path.join(folder, 'tree'))
    fs.writeFileSync(path.join(folder, 'tree', 'program'), bytes)
    const file = path.join(folder, 'bcj.squashfs')
    run('mksquashfs', [path.join(folder, 'tree'), file, '-comp', 'xz', '-Xbcj', 'x86', '-noappend', '-quiet'])
    const image = await openBytes(new Uint8Array(fs.readFileSync(file)), { name: 'bcj.squashfs' })
    const content = (await image.view('squashfs').lookup('program'))?.content
    expect(Buffer.compare(await readAll(content), bytes)).toBe(0)
  })
})

describe('a dictionary that is longer than memory is given to (.xz format 5.3.1)', () => {
  const random = generator(5)
  const once = Buffer.from(Array.from({ length: 2_200_000 }, random))
  const twice = Buffer.concat([once, once, program('x86', 1, 50_000), once])
  const withDictionary = (length: string): string[] => ['-T1', `--lzma2=preset=0,dict=${length},mf=hc3,mode=fast`]

  itWith('xz', 'takes no more than what is unpacked', async () => {
    for (const length of ['65MiB', '384MiB', '1GiB']) {
      const { bytes, suspects } = await unpackPieces(packedBy(withDictionary(length), once.subarray(0, 100_000)))
      expect(Buffer.compare(bytes, once.subarray(0, 100_000))).toBe(0)
      expect(suspects).toEqual([])
    }
  })

  itWith('xz', 'is reached back into further than the first piece of it', async () => {
    const packed = packedBy(withDictionary('128MiB'), twice)
    expect(packed.byteLength).toBeLessThan(once.byteLength * 1.1)
    const { bytes, suspects } = await unpackPieces(packed)
    expect(Buffer.compare(bytes, twice)).toBe(0)
    expect(suspects).toEqual([])
  })

  itWith('xz', 'of the old form, too', async () => {
    const options = ['--format=lzma', '--lzma1=preset=0,dict=256MiB,mf=hc3,mode=fast']
    const packed = packedBy(options, twice)
    expect(isLoneLzma(packed)).toBe(true)
    const parts: Buffer[] = []
    const input = new StreamInput(sliced(packed))
    for await (const part of decodeLoneLzma(input, { begins: () => undefined, ...NOTHING }))
      parts.push(Buffer.from(part.slice()))
    expect(Buffer.compare(Buffer.concat(parts), twice)).toBe(0)
  })

  itWith('xz', 'says of a damaged stream that it is damaged, and of one that is cut that it is cut', async () => {
    const packed = packedBy(withDictionary('128MiB'), program('x86', 1, 400_000))
    const flipped = packed.slice()
    flipped.fill(0xff, 100, 104)
    await expect(unpackPieces(flipped)).rejects.toMatchObject({ kind: 'damaged' })
    await expect(unpackPieces(packed.subarray(0, packed.byteLength / 2))).rejects.toMatchObject({ kind: 'cut' })
  })

  it('says what is missing where a match reaches back further than the window goes', () => {
    const fault = faultOf(new LostMatchError(''), 2 ** 30, 'It is damaged.')
    expect(fault).toMatchObject({ kind: 'unsupported', message: expect.stringContaining('1024 MiB') as string })
    expect(faultOf(new LostMatchError(''), 2 ** 20, 'It is damaged.').kind).toBe('damaged')
    expect(faultOf(new RangeError(''), 2 ** 30, 'It is damaged.').kind).toBe('damaged')
  })

  it('keeps a dictionary when the window moves on', () => {
    const decoder = new LzmaDecoder({ literalContext: 0, literalPosition: 0, position: 0 }, 4096)
    const piece = Uint8Array.from({ length: 4096 }, (_, index) => index >> 4)
    for (let done = 0; done < 18 << 20; done += piece.byteLength) {
      makeRoom(decoder, 4096, piece.byteLength)
      decoder.put(piece)
    }
    expect(decoder.windowLength).toBe(FIRST_WINDOW + 4096)
    expect(Buffer.compare(decoder.piece(decoder.at - 4096), piece)).toBe(0)
    decoder.release()
  })
})

describe('the list of blocks of .xz', () => {
  // printf 'hello, hello, hello\n' | xz --check=crc64
  const sound =
    '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AATAA5dADQZSe6N74yHMfUvZAAAAAAAsEiFWdeprksAASoUfq03VR+2830BAAAAAARZWg=='
  const bytes = (): Uint8Array => Uint8Array.from(Buffer.from(sound, 'base64'))

  it.each([
    ['its own sum', -16, /CRC-32.*list of blocks/],
    ['the sum of the footer', -12, /footer/],
    ['the length of the list in the footer', -8, /footer/],
    ['the flags in the footer', -3, /footer/],
  ])('is not believed where %s does not fit', async (_, at, problem) => {
    expect((await unpackPieces(bytes())).suspects).toEqual([])
    const packed = bytes()
    const place = packed.byteLength + at
    packed[place] = (packed[place] ?? 0) ^ 1
    expect((await unpackPieces(packed)).suspects).toEqual([expect.stringMatching(problem)])
  })

  it('is compared whatever its length, and takes no memory for that', () => {
    const records = (count: number, odd = -1): BlockRecords => {
      const made = new BlockRecords()
      for (let index = 0; index < count; index++) made.add(index === odd ? 1 : 100 + index, 2 ** 40 + index)
      return made
    }
    for (const count of [0, 1, 511, 512, 513, 100_000]) {
      expect(records(count).isSame(records(count))).toBe(true)
      expect(records(count).isSame(records(count + 1))).toBe(false)
    }
    for (const odd of [0, 511, 512, 99_999]) expect(records(100_000, odd).isSame(records(100_000))).toBe(false)
  })
})
