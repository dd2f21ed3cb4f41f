import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { XpressPacker } from '../../../src-main/image/codecs/pack-xpress'
import { unpackXpress } from '../../../src-main/image/codecs/xpress'

const packer = new XpressPacker()

function expectKept(bytes: Uint8Array): number {
  const packed = packer.pack(bytes)
  if (packed === null) return bytes.byteLength
  expect(Buffer.from(unpackXpress(Uint8Array.from(packed), bytes.byteLength)).equals(bytes)).toBe(true)
  return packed.byteLength
}

it('packs texts, runs and what repeats far away', () => {
  const text = Buffer.from(Array.from({ length: 3000 }, (_, i) => `line ${i * i}\n`).join('')).subarray(0, 32_768)
  expect(expectKept(text)).toBeLessThan(text.byteLength / 2)
  expect(expectKept(Buffer.alloc(65_536))).toBeLessThan(300)
  const random = randomBytes(16_384)
  expect(expectKept(Buffer.concat([random, random, random, random]))).toBeLessThan(20_000)
  // Lengths of every kind: below 18, up to 272, and longer.
  for (let length = 3; length < 600; length++)
    expectKept(
      Buffer.concat([
        random.subarray(0, 1000),
        random.subarray(0, length),
        Buffer.alloc(length, 7),
        random.subarray(500, 900),
      ]),
    )
})

it('keeps codes within fifteen bits where symbols are as rare as in a Fibonacci sequence', () => {
  const parts: Buffer[] = []
  for (let [a, b, symbol] = [1, 1, 0]; parts.reduce((sum, { byteLength }) => sum + byteLength, 0) < 60_000; symbol++) {
    // No byte stands beside what it has stood beside before, so that nothing matches.
    parts.push(Buffer.alloc(Math.min(a, 20_000), symbol))
    ;[a, b] = [b, a + b]
  }
  const bytes = Buffer.concat(parts).subarray(0, 65_536)
  const shuffled = Buffer.from(bytes)
  let seed = 7
  for (let i = shuffled.byteLength - 1; i > 0; i--) {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff
    const other = seed % (i + 1)
    ;[shuffled[i], shuffled[other]] = [shuffled[other]!, shuffled[i]!]
  }
  expectKept(shuffled)
})

it('says where packing does not pay', () => {
  expect(packer.pack(randomBytes(32_768))).toBeNull()
  expect(packer.pack(Buffer.alloc(100))).toBeNull()
  expect(() => packer.pack(Buffer.alloc(65_537))).toThrow(RangeError)
})
