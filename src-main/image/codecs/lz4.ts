import { unpackBlockBy, unpackOrNull } from './compiled'

/** How a block ends (`assembly/lz4.ts`). */
const Mode = { exact: 0, beginning: 1, limited: 2 } as const

const FAULTS = ['not an LZ4 block']

/**
 * One LZ4 block (LZ4 Block Format Description). Null where the block is not one or does not yield exactly as much as fits.
 * @param isBeginning the block may yield more, of which only the beginning is wanted
 */
export function decodeLz4Block(packed: Uint8Array, unpackedLength: number, isBeginning = false): Uint8Array | null {
  const mode = isBeginning ? Mode.beginning : Mode.exact
  return unpackOrNull(packed, unpackedLength, ({ lz4 }, from, out) =>
    lz4(from, packed.byteLength, out, unpackedLength, mode),
  )
}

/**
 * As {@link decodeLz4Block}, where only a limit is known: a block is over when its bytes are.
 * @throws {RangeError} where it is none, or unpacks to more
 */
export function unpackLz4(packed: Uint8Array, limit: number): Uint8Array {
  return unpackBlockBy(
    packed,
    limit,
    ({ lz4 }, from, out) => lz4(from, packed.byteLength, out, limit, Mode.limited),
    FAULTS,
  )
}
