import { unpackBlockBy } from './compiled'

const FAULTS = [
  'the LZO data are cut short',
  'an LZO length cannot be',
  'an LZO literal does not fit',
  'an LZO match does not fit',
]

/**
 * Unpacks LZO1X, whichever level packed it (Linux, Documentation/staging/lzo.rst).
 * @param limit what it unpacks to at most
 * @throws {RangeError} where it is none
 */
export function unpackLzo(packed: Uint8Array, limit: number): Uint8Array {
  return unpackBlockBy(packed, limit, ({ lzo }, from, out) => lzo(from, packed.byteLength, out, limit), FAULTS)
}
