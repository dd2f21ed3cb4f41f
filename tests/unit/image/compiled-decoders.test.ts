import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { xxhash64 } from 'hash-wasm'
import { describe, expect, it } from 'vitest'
import { BlockFault } from '../../../src-main/image/codecs/block-fault'
import { giveBack, orTrap, takeInstance, unpackBlockBy } from '../../../src-main/image/codecs/compiled'
import { decodeLz4Block } from '../../../src-main/image/codecs/lz4'
import { unpackMicroLzma, unpackRawLzma } from '../../../src-main/image/codecs/lzma'
import { unpackLoneLzma } from '../../../src-main/image/codecs/lone-lzma-block'
import { StreamError } from '../../../src-main/image/codecs/stream-input'
import { Xxh64 } from '../../../src-main/image/codecs/xxh64'
import { unpackHere, type Unpacker } from '../../../src-main/image/codecs/unpackers'
import { openBytes, readAll } from '../../images/open-bytes'
import { itWith, run } from '../desktop/programs'
import { temporaryFolder } from '../support'

function generator(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

/** Words, runs, x86 calls and numbers that grow, so that every kind of match is met, and bytes left to chance. */
function sample(byteLength: number): Buffer {
  const random = generator(byteLength)
  const words = Array.from({ length: 60 }, () =>
    Buffer.from(Array.from({ length: 2 + random(9) }, () => 97 + random(26))),
  )
  const parts: Buffer[] = []
  for (let done = 0; done < byteLength;) {
    const part = [
      () => words[random(60)]!,
      () => Buffer.alloc(1 + random(300), random(256)),
      () => Buffer.from([0xe8, random(256), random(4), 0, 0, 0x48, 0x8b, 0x05, random(256), 1, 0, 0]),
      () => Buffer.from(Array.from({ length: 200 }, (_, at) => (at & 3 ? 0 : done + at * 5) & 255)),
      () => Buffer.from(Array.from({ length: random(40) }, () => random(256))),
    ][Math.min(4, random(8))]!()
    parts.push(part)
    done += part.byteLength
  }
  return Buffer.concat(parts).subarray(0, byteLength)
}

interface Case {
  name: string
  packed: Uint8Array
  /** What it unpacks to. */
  bytes: Uint8Array
  limit: number
  unpack: (packed: Uint8Array, limit: number) => Uint8Array | null
}

/** The blocks of an image, as whoever opens it has them unpacked. */
async function casesOf(name: string, image: Uint8Array, file: string, original: Buffer): Promise<Case[]> {
  const found = new Map<string, Case>()
  const opened = await openBytes(image, {
    name,
    unpack: (unpacker: Unpacker, packed, byteLength) => {
      const bytes = unpackHere(unpacker, packed, byteLength)
      const unpack = (each: Uint8Array, limit: number) => unpackHere(unpacker, each, limit)
      const key = `${unpacker.id} ${packed.byteLength} ${byteLength}`
      found.set(key, { name: unpacker.id, packed: packed.slice(), bytes: bytes.slice(), limit: byteLength, unpack })
      return bytes
    },
  })
  const content = (await opened.view(opened.info.defaultViewId).lookup(file))?.content
  expect(Buffer.compare(await readAll(content), original)).toBe(0)
  return [...found.values()]
}

function attempt({ unpack }: Case, packed: Uint8Array, limit: number): Uint8Array | null {
  try {
    return unpack(packed, limit)
  } catch (error) {
    const isUsual = error instanceof RangeError || error instanceof StreamError
    // An .xz block that is longer than its limit, or does not give its own sum.
    if (!isUsual && !/it (unpacks|does not give)/.test((error as Error).message)) throw error
    return null
  }
}

/** Whole, cut and changed: the bytes that were packed, or an error; never one behind the limit, never one made up. */
function expectSound(cases: readonly Case[], rounds: number): void {
  expect(cases.length).toBeGreaterThan(0)
  const random = generator(rounds)
  for (const each of cases) {
    const { packed, bytes, limit } = each
    const isWhole = (): boolean => {
      const unpacked = attempt(each, packed, limit)
      return unpacked !== null && Buffer.compare(unpacked, bytes) === 0
    }
    expect(isWhole()).toBe(true)
    for (let round = 0; round < rounds; round++) {
      const end = round % 2 === 0 ? random(packed.byteLength) : packed.byteLength - 1 - random(8)
      const cut = attempt(each, packed.slice(0, Math.max(0, end)), limit)
      if (cut !== null) expect(Buffer.compare(cut, bytes.subarray(0, cut.byteLength))).toBe(0)
      const flipped = packed.slice()
      for (let left = 1 + random(3); left > 0; left--) {
        const at = random(round % 2 === 0 ? packed.byteLength : Math.min(300, packed.byteLength))
        flipped[at] = (flipped[at] ?? 0) ^ (1 << random(8))
      }
      const less = random(limit)
      expectNothingBehind(packed.byteLength, less, () => {
        expect(attempt(each, flipped, less)?.byteLength ?? 0).toBeLessThanOrEqual(less)
      })
    }
    expect(isWhole()).toBe(true)
  }
}

/** Nobody writes behind the output of the next call, nor in front of its input. */
function expectNothingBehind(packedLength: number, limit: number, call: () => void): void {
  const GUARD = 1024
  const instance = takeInstance()
  // Memory for a model may come in front: it lies no further back than this.
  const least = instance.firstFree + packedLength + limit + instance.slack * 2
  const from = least + (1 << 19)
  instance.reserve(from + GUARD)
  instance.memory.fill(0xaa, from, from + GUARD)
  const { memory } = instance
  giveBack(instance)
  call()
  expect(memory.subarray(from, from + GUARD).every((byte) => byte === 0xaa)).toBe(true)
}

describe('compiled decoders unpack what was packed, or fail', () => {
  for (const [compressor, length] of Object.entries({ lz4: 150_000, lzo: 150_000, xz: 90_000 })) {
    itWith('mksquashfs', `blocks of SquashFS by ${compressor}`, async () => {
      const folder = temporaryFolder()
      const bytes = sample(length)
      fs.mkdirSync(path.join(folder, 'tree'))
      fs.writeFileSync(path.join(folder, 'tree', 'file'), bytes)
      const file = path.join(folder, 'image.sqfs')
      const options = ['-comp', compressor, '-b', '32K', '-noappend', '-quiet', '-no-fragments']
      run('mksquashfs', [path.join(folder, 'tree'), file, ...options])
      expectSound(await casesOf('image.sqfs', new Uint8Array(fs.readFileSync(file)), 'file', bytes), 25)
    })
  }

  for (const method of ['XPRESS', 'LZX', 'LZMS']) {
    itWith('wimlib-imagex', `chunks of WIM by ${method}`, async () => {
      const folder = temporaryFolder()
      const bytes = sample(120_000)
      fs.mkdirSync(path.join(folder, 'tree'))
      fs.writeFileSync(path.join(folder, 'tree', 'file'), bytes)
      const file = path.join(folder, 'image.wim')
      run('wimlib-imagex', ['capture', path.join(folder, 'tree'), file, `--compress=${method}`, '--chunk-size=32K'])
      expectSound(await casesOf('image.wim', new Uint8Array(fs.readFileSync(file)), 'file', bytes), 40)
    })
  }

  itWith('xz', 'LZMA of all properties, with and without a header', () => {
    const cases: Case[] = []
    for (const [literalContext, literalPosition, position] of [
      [3, 0, 2],
      [0, 4, 0],
      [1, 3, 4],
    ] as const) {
      const bytes = sample(40_000 + position)
      const properties = { literalContext, literalPosition, position }
      const options = `--lzma1=preset=6,lc=${literalContext},lp=${literalPosition},pb=${position}`
      const packed = spawnSync('xz', ['-c', '--format=lzma', options], { input: bytes, maxBuffer: 1 << 24 }).stdout
      const raw = new Uint8Array(packed.subarray(13))
      const micro = raw.slice()
      micro[0] = ~(packed[0] ?? 0)
      const same = { bytes, limit: bytes.byteLength }
      cases.push(
        { ...same, name: 'lone', packed: new Uint8Array(packed), unpack: unpackLoneLzma },
        { ...same, name: 'raw', packed: raw, unpack: (each, limit) => unpackRawLzma(each, limit, properties) },
        { ...same, name: 'micro', packed: micro, unpack: unpackMicroLzma },
      )
    }
    expectSound(cases, 25)
  })
})

describe('a compiled decoder', () => {
  const packed = Uint8Array.from([0x1f, 65, 1, 0, 0, 0x50, 1, 2, 3, 4, 5])
  const bytes = Uint8Array.from([...Array.from({ length: 20 }, () => 65), 1, 2, 3, 4, 5])

  it('that traps has failed as at any damage, and the next call works', () => {
    const outside = 2 ** 31
    expect(() => unpackBlockBy(packed, 100, ({ lz4 }) => lz4(outside, 64, outside, 64, 0), [])).toThrow(RangeError)
    expect(() => orTrap(() => takeInstance().decoders.crc64(0n, outside, 64))).toThrow(RangeError)
    expect(decodeLz4Block(packed, 25)).toEqual(bytes)
  })

  it('that would need more memory than there is has failed as well', () => {
    expect(decodeLz4Block(packed, 2 ** 31)).toBeNull()
    expect(decodeLz4Block(packed, 25)).toEqual(bytes)
  })

  it('gives bytes that no other call changes', () => {
    const first = decodeLz4Block(packed, 25)
    decodeLz4Block(Uint8Array.from([0x50, 9, 9, 9, 9, 9]), 5)
    expect(first).toEqual(bytes)
  })

  it('keeps no memory that one block took', () => {
    expect(decodeLz4Block(packed, 100 << 20)).toBeNull()
    const instances = [takeInstance(), takeInstance()]
    const small = instances.filter(({ memory }) => memory.byteLength <= 64 << 20)
    // The large one is held weakly: it may be there still, and then only once.
    expect(small.length).toBeGreaterThanOrEqual(1)
    for (const instance of instances) giveBack(instance)
    expect(decodeLz4Block(packed, 25)).toEqual(bytes)
  })

  it('makes nothing of input that is used up', () => {
    const lzms = { id: 'lzms', blockLength: 0 } as const
    const act = (): unknown => unpackHere(lzms, new Uint8Array(4), 64 << 20)
    expect(act).toThrow(BlockFault)
    try {
      act()
    } catch (error) {
      // What adaptive codes take before they notice; never the length that was claimed.
      expect((error as BlockFault).beginning.byteLength).toBeLessThan(64 << 10)
    }
  })

  it('serves a stream and the sum of what it gives by turns, without another memory for each block', () => {
    const [stream, sum] = [takeInstance(), takeInstance()]
    giveBack(sum)
    giveBack(stream)
    const again = [takeInstance(), takeInstance()]
    expect(new Set(again)).toEqual(new Set([stream, sum]))
    for (const instance of again) giveBack(instance)
  })
})

describe('XXH64', () => {
  it('is what another implementation makes of the same bytes, however they are cut', async () => {
    const bytes = sample(100_000)
    const random = generator(7)
    for (const length of [0, 1, 3, 4, 7, 8, 31, 32, 33, 63, 64, 95, 1000, 65_536, 100_000]) {
      const own = new Xxh64()
      for (let at = 0; at < length;) {
        const end = Math.min(length, at + random(length > 1000 ? 9000 : 40))
        own.update(bytes.subarray(at, end))
        at = end
      }
      const other = await xxhash64(bytes.subarray(0, length))
      expect(own.digest32().toString(16).padStart(8, '0'), `${length} bytes`).toBe(other.slice(8))
    }
  })
})
