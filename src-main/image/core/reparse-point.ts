import { readU16Le, readU32Le } from './byte-reader'

const Tag = { mountPoint: 0xa0000003, symlink: 0xa000000c, linuxSymlink: 0xa000001d } as const

/** Longer data of a reparse point is none. */
export const REPARSE_LIMIT = 16 * 1024

/**
 * Where a reparse point leads ([MS-FSCC] 2.1.2): a path with slashes, without its drive; null for one that is no link.
 * @param data without the tag and the lengths in front, as images keep it
 */
export function reparseTarget(tag: number, data: Uint8Array): string | null {
  if (tag === Tag.linuxSymlink) return data.byteLength > 4 ? Buffer.from(data.subarray(4)).toString('utf8') : null
  if (tag !== Tag.symlink && tag !== Tag.mountPoint) return null
  const pathAt = tag === Tag.symlink ? 12 : 8
  if (data.byteLength < pathAt) return null
  const isRelative = tag === Tag.symlink && (readU32Le(data, 8) & 1) !== 0
  const from = pathAt + readU16Le(data, 0)
  const to = from + readU16Le(data, 2)
  if (to > data.byteLength || to <= from) return null
  const path = Buffer.from(data.subarray(from, to)).toString('utf16le').replaceAll('\\', '/')
  return isRelative ? path : path.replace(/^\/\?\?\//, '').replace(/^[a-z]:(?=\/)/i, '')
}
