import { parse } from 'range-parser'

/** The part of a file that a request wants: the first byte and how many. */
export interface ByteRange {
  byteOffset: number
  byteLength: number
}

const MALFORMED = 1

/**
 * Reads a `Range` header (RFC 9110, clause 14.2). Answers `null` where the whole is to be sent: no header, another unit, or
 * several ranges, which a server may answer with everything. `'unsatisfiable'` asks for status 416.
 */
export function parseRange(header: string | undefined, byteTotal: number): ByteRange | 'unsatisfiable' | null {
  if (header === undefined) return null
  const { code, type, ranges } = parse(byteTotal, header)
  if (type !== 'bytes' || (code & MALFORMED) !== 0 || ranges.length > 1) return null
  const [range] = ranges
  if (!range) return 'unsatisfiable'
  return { byteOffset: range.start, byteLength: range.end - range.start + 1 }
}
