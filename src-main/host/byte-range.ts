/** The part of a file that a request wants: the first byte and how many. */
export interface ByteRange {
  byteOffset: number
  byteLength: number
}

/**
 * Reads a `Range` header (RFC 9110, clause 14.2). Answers `null` where the whole is to be sent: no header, another unit, or
 * several ranges, which a server may answer with everything. `'unsatisfiable'` asks for status 416.
 */
export function parseRange(header: string | undefined, byteTotal: number): ByteRange | 'unsatisfiable' | null {
  if (header === undefined) return null
  const match = /^bytes=\s*(\d*)\s*-\s*(\d*)\s*$/.exec(header)
  if (!match) return null
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return null
  if (first === '') {
    const byteLength = Math.min(Number(last), byteTotal)
    return byteLength === 0 ? 'unsatisfiable' : { byteOffset: byteTotal - byteLength, byteLength }
  }
  const byteOffset = Number(first)
  if (byteOffset >= byteTotal) return 'unsatisfiable'
  if (last === '') return { byteOffset, byteLength: byteTotal - byteOffset }
  if (Number(last) < byteOffset) return null
  return { byteOffset, byteLength: Math.min(Number(last), byteTotal - 1) - byteOffset + 1 }
}
