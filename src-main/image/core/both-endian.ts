import { readU16Be, readU16Le, readU32Be, readU32Le } from './byte-reader'
import type { FaultTally } from './fault-tally'

const MESSAGE = 'A number recorded in both byte orders differs between them.'

/**
 * ECMA-119 7.3.3: a number recorded in both byte orders. Where they differ, the one that can be is taken; where both
 * can, the little-endian one, as the systems do that such images were tried on.
 * @param base where `bytes` begin in the image, for the fault's place
 */
export function readBothU32(
  bytes: Uint8Array,
  at: number,
  base: number,
  faults: FaultTally,
  canBe: (value: number) => boolean = () => true,
): number {
  return decide(readU32Le(bytes, at), readU32Be(bytes, at + 4), base + at, faults, canBe)
}

/** ECMA-119 7.2.3: as {@link readBothU32}. */
export function readBothU16(
  bytes: Uint8Array,
  at: number,
  base: number,
  faults: FaultTally,
  canBe: (value: number) => boolean = () => true,
): number {
  return decide(readU16Le(bytes, at), readU16Be(bytes, at + 2), base + at, faults, canBe)
}

function decide(
  little: number,
  big: number,
  byteOffset: number,
  faults: FaultTally,
  canBe: (value: number) => boolean,
): number {
  faults.countRecord()
  if (little === big) return little
  faults.add('BOTH_ENDIAN_MISMATCH', MESSAGE, byteOffset)
  return little === 0 || (!canBe(little) && canBe(big)) ? big : little
}
