import { readU16Be, readU16Le, readU32Be, readU32Le } from '../byte-reader'
import type { DiagnosticLog } from '../diagnostic-log'

/**
 * ECMA-119 7.3.3: a number recorded in both byte orders. Where they differ the little-endian one is taken, as the
 * systems do that such images were tried on; a zero there with something else behind it is the exception.
 */
export function readBothU32(bytes: Uint8Array, at: number, base: number, log: DiagnosticLog): number {
  const little = readU32Le(bytes, at)
  const big = readU32Be(bytes, at + 4)
  if (little === big) return little
  reportMismatch(base + at, log)
  return little === 0 ? big : little
}

/** ECMA-119 7.2.3. */
export function readBothU16(bytes: Uint8Array, at: number, base: number, log: DiagnosticLog): number {
  const little = readU16Le(bytes, at)
  const big = readU16Be(bytes, at + 2)
  if (little === big) return little
  reportMismatch(base + at, log)
  return little === 0 ? big : little
}

function reportMismatch(byteOffset: number, log: DiagnosticLog): void {
  log.warn('BOTH_ENDIAN_MISMATCH', 'A number recorded in both byte orders differs between them.', byteOffset)
}
