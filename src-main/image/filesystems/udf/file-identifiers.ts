import { readU16Le } from '../../core/byte-reader'
import { isCrcSound, isTagSound, TagId } from './descriptor-tag'

/** ECMA-167 4/14.4.3. */
export const Characteristic = { hidden: 1, directory: 2, deleted: 4, parent: 8 } as const

/** The least that a file identifier takes, its name and implementation use apart (ECMA-167 4/14.4). */
export const IDENTIFIER_LENGTH = 38

/** The next place that could be a file identifier: they begin at multiples of four. */
export function nextIdentifier(bytes: Uint8Array, from: number): number {
  for (let at = from; at + IDENTIFIER_LENGTH <= bytes.byteLength; at += 4) {
    if (readU16Le(bytes, at) === TagId.fileIdentifier && bytes[at + 5] === 0 && bytes[at + 19] !== 0) return at
  }
  return bytes.byteLength
}

/** Every identifier's own sum fits, and they fill the directory from its beginning (ECMA-167 4/14.4). */
export function areIdentifiersSound(bytes: Uint8Array): boolean {
  let at = 0
  while (at + IDENTIFIER_LENGTH <= bytes.byteLength) {
    if (readU16Le(bytes, at) !== TagId.fileIdentifier || !isIdentifierSound(bytes, at)) return false
    at += (IDENTIFIER_LENGTH + readU16Le(bytes, at + 36) + (bytes[at + 19] ?? 0) + 3) & ~3
  }
  return isPadding(bytes, at)
}

export function isIdentifierSound(bytes: Uint8Array, at: number): boolean {
  return isTagSound(bytes, at) && isCrcSound(bytes, at, bytes.byteLength)
}

/** Whether what is left behind the last identifier is no part of another one. */
export function isPadding(bytes: Uint8Array, at: number): boolean {
  return bytes.subarray(at).every((byte) => byte === 0)
}
