/**
 * The error correction of CD sectors (ECMA-130 14.5, annex A): two Reed-Solomon codes over GF(2^8), by the polynomial
 * x⁸ + x⁴ + x³ + x² + 1.
 */
const POLYNOMIAL = 0x11d
const HEADER_OFFSET = 12
const P_OFFSET = 2076
const Q_OFFSET = 2248

const DOUBLED = new Uint8Array(256)
const SOLVED = new Uint8Array(256)
for (let i = 0; i < 256; i++) {
  const doubled = (i << 1) ^ ((i & 0x80) !== 0 ? POLYNOMIAL : 0)
  DOUBLED[i] = doubled
  SOLVED[(i ^ doubled) & 255] = i
}

/** Writes the parity of a sector of 2352 bytes into it. In mode 2 its header counts as zeros (CD-ROM XA II.4.3). */
export function writeParity(sector: Uint8Array): void {
  const isModeTwo = sector[15] === 2
  const header = sector.slice(HEADER_OFFSET, HEADER_OFFSET + 4)
  if (isModeTwo) sector.fill(0, HEADER_OFFSET, HEADER_OFFSET + 4)
  writeCode(sector, P_OFFSET, { codes: 86, length: 24, step: 2, stride: 86 })
  writeCode(sector, Q_OFFSET, { codes: 52, length: 43, step: 86, stride: 88 })
  if (isModeTwo) sector.set(header, HEADER_OFFSET)
}

interface Code {
  codes: number
  length: number
  step: number
  stride: number
}

function writeCode(sector: Uint8Array, parityOffset: number, { codes, length, step, stride }: Code): void {
  const size = codes * length
  for (let code = 0; code < codes; code++) {
    let index = (code >> 1) * step + (code & 1)
    let a = 0
    let b = 0
    for (let i = 0; i < length; i++) {
      const byte = sector[HEADER_OFFSET + index] ?? 0
      index += stride
      if (index >= size) index -= size
      a = DOUBLED[a ^ byte] ?? 0
      b ^= byte
    }
    const first = SOLVED[(DOUBLED[a] ?? 0) ^ b] ?? 0
    sector[parityOffset + code] = first
    sector[parityOffset + code + codes] = first ^ b
  }
}
