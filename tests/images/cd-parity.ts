/** The parity of CD sectors by its definition (ECMA-130 annex A), sharing nothing with what writes it. */

const LOG = new Uint8Array(256)
const POWER = new Uint8Array(255)
for (let exponent = 0, value = 1; exponent < 255; exponent++) {
  POWER[exponent] = value
  LOG[value] = exponent
  value = (value << 1) ^ (value >= 128 ? 0x11d : 0)
}

const times = (value: number, exponent: number): number => (value === 0 ? 0 : POWER[(LOG[value]! + exponent) % 255]!)

/** Both codewords of one plane of bytes: words by their numbers, the last two of which are the parity. */
function codewords(): number[][] {
  const words: number[][] = []
  for (let n = 0; n < 43; n++) words.push(Array.from({ length: 26 }, (_, m) => 43 * m + n))
  for (let n = 0; n < 26; n++) {
    const data = Array.from({ length: 43 }, (_, m) => (44 * m + 43 * n) % 1118)
    words.push([...data, 1118 + n, 1144 + n])
  }
  return words
}

/** How many codewords of a sector of 2352 bytes have a syndrome that is not zero. */
export function wrongCodewords(sector: Uint8Array): number {
  const bytes = sector.slice(12)
  if (sector[15] === 2) bytes.fill(0, 0, 4)
  let wrong = 0
  for (const words of codewords())
    for (const plane of [0, 1]) {
      let sum = 0
      let weighted = 0
      for (const [index, word] of words.entries()) {
        const byte = bytes[word * 2 + plane]!
        sum ^= byte
        weighted ^= times(byte, words.length - 1 - index)
      }
      if (sum !== 0 || weighted !== 0) wrong++
    }
  return wrong
}
