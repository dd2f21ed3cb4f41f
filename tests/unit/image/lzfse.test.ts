import { describe, expect, test } from 'vitest'
import { decodeLzfse } from '../../../src-main/image/codecs/lzfse'
import { decodeLzvn } from '../../../src-main/image/codecs/lzvn'
import { packLzfse, packLzvn } from '../../images/lzfse-builder'

/** The same for the same seed. */
function noise(length: number, seed: number, symbols = 256): Uint8Array {
  let state = seed
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 16) % symbols
  })
}

const TEXT = Buffer.from(Array.from({ length: 9000 }, (_, index) => `line ${(index * 7919) % 1009} of it`).join('\n'))
const SAMPLES: [string, Uint8Array][] = [
  ['nothing', new Uint8Array(0)],
  ['three bytes', Buffer.from('abc')],
  ['one byte, often', Buffer.alloc(100_000, 0x41)],
  ['text', TEXT],
  ['noise', noise(50_000, 1)],
  ['noise of few letters', noise(90_000, 2, 3)],
  ['what comes again from far', Buffer.concat([noise(17_000, 3), TEXT.subarray(0, 9000), noise(17_000, 3)])],
  ['runs of many lengths', Buffer.concat(Array.from({ length: 700 }, (_, at) => Buffer.alloc(at, at * 37)))],
]

describe.each(['bvx-', 'bvx1', 'bvx2', 'bvxn'] as const)('a stream of blocks %s', (kind) => {
  test.each(SAMPLES)('unpacks: %s', (_, sample) => {
    const packed = packLzfse(sample, kind)
    expect(Buffer.from(decodeLzfse(packed, sample.byteLength) ?? 'null').equals(sample)).toBe(true)
    expect(decodeLzfse(packed, sample.byteLength + 1)).toBeNull()
    if (sample.byteLength > 0) expect(decodeLzfse(packed, sample.byteLength - 1)).toBeNull()
  })

  test('gives nothing or as many bytes as it should, whatever happens to it, and does not go on for ever', () => {
    const whole = packLzfse(TEXT, kind)
    for (let round = 0; round < 400; round++) {
      const packed = whole.slice(0, round % 4 === 0 ? (whole.byteLength * round) / 400 : whole.byteLength)
      const [at = 0, value = 0] = noise(4, round + 1)
      for (let i = 0; i < 3; i++) packed[(at * 257 + i * 7001) % Math.max(1, packed.byteLength)] = value + i
      const unpacked = decodeLzfse(packed, TEXT.byteLength)
      expect(unpacked === null || unpacked.byteLength === TEXT.byteLength).toBe(true)
    }
  })
})

describe('LZVN by itself', () => {
  test.each(SAMPLES)('unpacks: %s', (_, sample) => {
    const unpacked = decodeLzvn(packLzvn(sample), sample.byteLength)
    expect(Buffer.from(unpacked ?? 'null').equals(sample)).toBe(true)
  })

  test.each([
    ['a match before anything was written', [0x08, 1]],
    ['a distance of nothing', [0x40, 0, 0x61]],
    ['an opcode that is none', [0x70]],
    ['an opcode that is none', [0xd0]],
    ['literals that are not there', [0xe9, 1, 2]],
    ['an end before its time', [0xe1, 1, 0x06]],
  ])('refuses %s', (_, packed) => {
    expect(decodeLzvn(Uint8Array.from(packed), 9)).toBeNull()
  })
})
