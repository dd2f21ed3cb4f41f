import { unpackBlockBy } from './compiled'

const FAULTS = ['an LZMS chunk is cut short', 'an LZMS chunk refers to what lies before it']

/**
 * Unpacks a chunk that LZMS has packed.
 * @param byteLength what it unpacks to, exactly
 * @throws {RangeError} where it does not
 */
export function unpackLzms(packed: Uint8Array, byteLength: number): Uint8Array {
  if (packed.byteLength < 4 || packed.byteLength % 2 !== 0) throw new RangeError('an LZMS chunk is cut short')
  return unpackBlockBy(
    packed,
    byteLength,
    ({ lzms }, from, out, memory) => lzms(from, packed.byteLength, out, byteLength, memory),
    FAULTS,
    ({ lzmsMemory }) => lzmsMemory.value,
    ({ lzmsReached }) => lzmsReached(),
  )
}
