import { afterEach, describe, expect, it, vi } from 'vitest'
import zlib, { deflateSync } from 'node:zlib'
import { BlockInflater } from '../../../src-main/image/codecs/block-inflater'

const BLOCK = 32768
const block = (seed: number): Uint8Array => Uint8Array.from({ length: BLOCK }, (_, at) => (at * seed) >> 4)

afterEach(() => {
  vi.restoreAllMocks()
})

describe('BlockInflater', () => {
  it('unpacks many blocks, one after another, in the same memory', () => {
    const inflater = new BlockInflater(BLOCK)
    const first = inflater.inflate(deflateSync(block(1)))
    const { buffer } = first
    for (let seed = 2; seed < 40; seed++) {
      const bytes = inflater.inflate(deflateSync(block(seed)))
      expect(Buffer.compare(bytes, block(seed))).toBe(0)
      expect(bytes.buffer).toBe(buffer)
    }
    expect(inflater.inflate(deflateSync(Buffer.from('short'))).toString()).toBe('short')
    expect(inflater.inflate(deflateSync(new Uint8Array(0)))).toHaveLength(0)
  })

  it('goes on after what does not unpack', () => {
    const inflater = new BlockInflater(BLOCK)
    const packed = deflateSync(block(3))
    const broken = packed.map((byte, at) => (at > 40 ? byte ^ 0x55 : byte))
    for (const bad of [broken, packed.subarray(0, 50), Buffer.from('no zlib'), deflateSync(Buffer.alloc(BLOCK + 1))]) {
      expect(() => inflater.inflate(bad)).toThrow()
      expect(Buffer.compare(inflater.inflate(packed), block(3))).toBe(0)
    }
  })

  it('leaves nothing behind at a decoder that is kept', () => {
    const made = vi.spyOn(zlib.Inflate.prototype, 'removeAllListeners')
    const inflater = new BlockInflater(BLOCK)
    for (let round = 0; round < 30; round++) inflater.inflate(deflateSync(block(5)))
    const [decoder] = made.mock.contexts as zlib.Inflate[]
    expect(decoder?.listenerCount('error')).toBe(0)
  })

  it('has a decoder for each block where none can be kept', () => {
    const asked = vi
      .spyOn(zlib.Inflate.prototype as unknown as { _processChunk: unknown }, '_processChunk', 'get')
      .mockReturnValue(undefined)
    const inflater = new BlockInflater(BLOCK)
    for (const seed of [7, 8]) expect(Buffer.compare(inflater.inflate(deflateSync(block(seed))), block(seed))).toBe(0)
    expect(asked).toHaveBeenCalled()
  })
})
