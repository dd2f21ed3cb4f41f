import { readU16Le } from '../../core/byte-reader'
import type { NameDecoder } from '../../../../src-shared/charset/detect'
import { copied } from '../../core/copied'

export const ENTRY_LENGTH = 32
/** What a deleted entry begins with. */
export const DELETED = 0xe5
/** FAT specification 6: attributes of a directory entry. */
export const Attribute = { hidden: 2, volume: 8, directory: 0x10, longName: 0x0f } as const
export const DEFAULT_CODE_PAGE = 'cp437'

export function isLongName(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at + 11] ?? 0) & 0x3f) === Attribute.longName
}

export function firstCluster(bytes: Uint8Array, at: number, bits: number): number {
  return readU16Le(bytes, at + 26) + (bits === 32 ? readU16Le(bytes, at + 20) * 0x10000 : 0)
}

/** Whether a short name has characters that its code page alone tells; 05 in front stands for E5. */
export function hasUpper(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] === 0x05) return true
  for (let i = at; i < at + 11; i++) if ((bytes[i] ?? 0) > 0x7f) return true
  return false
}

export function readShortName(bytes: Uint8Array, at: number, decode: NameDecoder): string {
  const raw = copied(bytes, at, at + 11)
  // 0xE5 marks a deleted entry, so a name that begins with it is recorded with 05.
  if (raw[0] === 0x05) raw[0] = DELETED
  const base = decode(raw.subarray(0, 8)).trimEnd()
  const extension = decode(raw.subarray(8)).trimEnd()
  // Windows NT records the case of all-lower names in two reserved bits.
  const flags = bytes[at + 12] ?? 0
  const left = (flags & 8) !== 0 ? base.toLowerCase() : base
  const right = (flags & 16) !== 0 ? extension.toLowerCase() : extension
  return right === '' ? left : `${left}.${right}`
}

/** The thirteen characters of one entry of a long name. */
export function longNamePart(bytes: Uint8Array, at: number): string {
  let text = ''
  for (const [from, count] of [
    [1, 5],
    [14, 6],
    [28, 2],
  ] as const) {
    for (let i = 0; i < count; i++) text += String.fromCharCode(readU16Le(bytes, at + from + i * 2))
  }
  return text
}

/** A long name of its parts: what follows its end is no part of it. */
export function joinLongName(parts: readonly string[]): string {
  return parts
    .join('')
    .replace(/\0[\s\S]*$/, '')
    .toWellFormed()
}
