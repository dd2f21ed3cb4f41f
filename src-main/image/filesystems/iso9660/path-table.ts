import { isAllZero, readU16Be, readU16Le, readU32Be, readU32Le } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { copied } from '../../core/copied'

const TABLE_LIMIT = 16 * 1024 * 1024

/** ECMA-119 9.4: a directory as the path table knows it. */
export interface PathTableEntry {
  /** From 1; the root is 1. */
  number: number
  parent: number
  location: number
  xarLength: number
  identifier: Uint8Array
}

/** Where a descriptor says that its path tables are; the block numbers count as those of the tree do. */
export interface PathTablePlace {
  lByteOffset: number
  mByteOffset: number
  byteLength: number
}

/** One of the two tables that say the same, each in its byte order (ECMA-119 6.9.2). */
export interface RecordedPathTable {
  byteOffset: number
  /** Empty where it cannot be read. */
  entries: PathTableEntry[]
  isBlank: boolean
}

/** Those of both types that the descriptor gives a place, type L first. */
export async function readPathTables(source: ByteSource, place: PathTablePlace): Promise<RecordedPathTable[]> {
  const byteLength = Math.min(place.byteLength, TABLE_LIMIT)
  const tables: RecordedPathTable[] = []
  for (const [byteOffset, isLittle] of [
    [place.lByteOffset, true],
    [place.mByteOffset, false],
  ] as const) {
    if (byteOffset <= 0 || byteLength === 0) continue
    const bytes = await source.read(byteOffset, byteLength)
    tables.push({ byteOffset, entries: parsePathTable(bytes, isLittle), isBlank: isAllZero(bytes) })
  }
  return tables
}

/** The type L table, or type M where L is none. Empty where neither can be read. */
export async function readPathTable(source: ByteSource, place: PathTablePlace): Promise<PathTableEntry[]> {
  return firstReadable(await readPathTables(source, place))
}

/** The entries of the first table that can be read. */
export function firstReadable(tables: readonly RecordedPathTable[]): PathTableEntry[] {
  return tables.find(({ entries }) => entries.length > 0)?.entries ?? []
}

function parsePathTable(bytes: Uint8Array, isLittle: boolean): PathTableEntry[] {
  // The root comes first: one byte of identifier, zero, and its own parent.
  const rootParent = isLittle ? readU16Le(bytes, 6) : readU16Be(bytes, 6)
  if (bytes[0] !== 1 || bytes[8] !== 0 || rootParent !== 1) return []
  const entries: PathTableEntry[] = []
  for (let at = 0; at + 8 < bytes.byteLength;) {
    const length = bytes[at] ?? 0
    if (length === 0 || at + 8 + length > bytes.byteLength) break
    entries.push({
      number: entries.length + 1,
      parent: isLittle ? readU16Le(bytes, at + 6) : readU16Be(bytes, at + 6),
      location: isLittle ? readU32Le(bytes, at + 2) : readU32Be(bytes, at + 2),
      xarLength: bytes[at + 1] ?? 0,
      identifier: copied(bytes, at + 8, at + 8 + length),
    })
    at += 8 + length + (length & 1)
  }
  return entries
}
