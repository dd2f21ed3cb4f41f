import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { recordedIn, type ByteSource } from '../../../src-main/image'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** A source begins with these bytes, whole, in pieces that fit no block, and where it says that they lie as they are. */
export async function itHasBytes(source: ByteSource, bytes: Uint8Array): Promise<void> {
  expect(sha256(await source.read(0, bytes.byteLength))).toBe(sha256(bytes))
  const step = 7777
  const pieces = await Promise.all(
    Array.from({ length: Math.ceil(bytes.byteLength / step) }, async (_, index) => {
      const at = index * step
      const length = Math.min(step, bytes.byteLength - at)
      const place = source.locate(at, length)
      if (place !== null) {
        const there = await place.file.read(place.byteOffset, place.byteLength)
        expect(sha256(there)).toBe(sha256(bytes.subarray(at, at + place.byteLength)))
      }
      return source.read(at, length)
    }),
  )
  expect(sha256(Buffer.concat(pieces))).toBe(sha256(bytes))
  expect(recordedIn(source, 0, bytes.byteLength)).toBe(bytes.byteLength)
}
