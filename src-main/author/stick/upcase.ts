/** A table that says which letters are the same but for their case, as a volume carries it. */
export interface UpcaseTable {
  /** Compressed as exFAT 7.2.5.1 has it. */
  bytes: Uint8Array
  sum: number
  fold: (code: number) => number
}

const IDENTICAL = 0xffff
const CODES = 0x10000
let made: UpcaseTable | null = null

/**
 * exFAT 7.2.5: a capital for each of 65 536 codes. Runs of codes that are their own capitals are counted. Only the first
 * 128 are said by the standard; the others are as Unicode has them, where letter and capital take one code each.
 */
export function upcaseTable(): UpcaseTable {
  return (made ??= make())
}

function make(): UpcaseTable {
  const table = Uint16Array.from({ length: CODES }, (_, code) => capitalOf(code))
  const words: number[] = []
  for (let code = 0; code < CODES;) {
    let end = code
    while (end < CODES && table[end] === end) end++
    if (end - code > 2) {
      words.push(IDENTICAL, Math.min(end - code, 0xffff))
      code = Math.min(end, code + 0xffff)
    } else {
      words.push(table[code] ?? code)
      code++
    }
  }
  const bytes = new Uint8Array(words.length * 2)
  const view = new DataView(bytes.buffer)
  for (const [i, word] of words.entries()) view.setUint16(i * 2, word, true)
  let sum = 0
  for (const byte of bytes) sum = (((sum << 31) | (sum >>> 1)) + byte) >>> 0
  return { bytes, sum, fold: (code) => table[code] ?? code }
}

function capitalOf(code: number): number {
  // Halves of a pair are no letters.
  if (code >= 0xd800 && code <= 0xdfff) return code
  const upper = String.fromCharCode(code).toUpperCase()
  return upper.length === 1 ? upper.charCodeAt(0) : code
}
