import { readU16Be } from '../../core/byte-reader'

/** Behind the end of an identifier. */
export const END = -1

/** Where an identifier lies. Nothing is copied: there may be a million. */
export interface IdentifierPlace {
  bytes: Uint8Array
  from: number
  to: number
  /** ECMA-119 9.1.6: an associated file bears the identifier of the file beside it. */
  isAssociated: boolean
}

/**
 * The character that begins `i` bytes behind the beginning of an identifier; {@link END} behind its last.
 * @param width bytes of a character: 2 in Joliet
 */
export function codeAt({ bytes, from, to }: IdentifierPlace, i: number, width: 1 | 2): number {
  if (from + i + width > to) return END
  return width === 1 ? (bytes[from + i] ?? 0) : readU16Be(bytes, from + i)
}
