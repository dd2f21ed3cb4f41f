import { createHash } from 'node:crypto'
import type { ByteSource } from '../../image'

/**
 * 16 bytes that tell an image from others and from its own changed self: a digest over its length and the places where
 * descriptors live. Reads at most 100 kB.
 */
export async function fingerprintOf(source: ByteSource): Promise<Uint8Array> {
  const hash = createHash('sha256')
  hash.update(String(source.byteLength))
  const tail = Math.max(0, source.byteLength - 2048)
  // The system area (boot code, partition tables), the descriptors from sector 16 on, UDF's anchor at 256, the end.
  for (const [byteOffset, byteLength] of [
    [0, 4096],
    [32_768, 65_536],
    [524_288, 4096],
    [tail, 2048],
  ] as const)
    if (byteOffset < source.byteLength) hash.update(await source.read(byteOffset, byteLength))
  return new Uint8Array(hash.digest().subarray(0, 16))
}
