/**
 * The field in which dvdisaster counts: GF(2^8) by x⁸ + x⁷ + x² + x + 1, and its Reed-Solomon code of 255 bytes, whose
 * generator has the roots α^(11·(112 + i)), i from 0 up to the number of parity bytes.
 */
const POLYNOMIAL = 0x187
const FIRST_ROOT = 112
const PRIMITIVE = 11
/** Bytes of a code word. */
export const WORD_LENGTH = 255

const POWER = new Uint8Array(512)
const LOGARITHM = new Uint8Array(256)
for (let exponent = 0, value = 1; exponent < WORD_LENGTH; exponent++) {
  POWER[exponent] = value
  POWER[exponent + WORD_LENGTH] = value
  LOGARITHM[value] = exponent
  value = (value << 1) ^ ((value & 0x80) !== 0 ? POLYNOMIAL : 0)
}

export function multiply(a: number, b: number): number {
  if (a === 0 || b === 0) return 0
  return POWER[(LOGARITHM[a] ?? 0) + (LOGARITHM[b] ?? 0)] ?? 0
}

/** The exponent of the locator of a byte of the word, whose first byte is the coefficient of x²⁵⁴. */
function locatorOf(place: number): number {
  return (PRIMITIVE * (WORD_LENGTH - 1 - place)) % WORD_LENGTH
}

/**
 * How the lost bytes of a word follow from the others: for each of `wanted` a row of 255 factors, by which the bytes in
 * their places are multiplied and summed; those of the lost places are 0. Any bytes may be lost as long as there are no
 * more of them than parity bytes; parity is made by it as well, as what is lost of every word.
 * @param lost places in the word, from 0
 * @param wanted those of the lost ones that are to be had; all, where absent
 */
export function decodingMatrix(lost: readonly number[], wanted: readonly number[] = lost): Uint8Array[] {
  const isLost = new Uint8Array(WORD_LENGTH)
  for (const place of lost) isLost[place] = 1
  const locators = lost.map((place) => POWER[locatorOf(place)] ?? 0)
  // Interpolation by Lagrange through the locators of what is lost: see “generalized Reed-Solomon codes”.
  const products = new Uint16Array(WORD_LENGTH)
  for (let place = 0; place < WORD_LENGTH; place++) {
    if (isLost[place] === 1) continue
    const own = POWER[locatorOf(place)] ?? 0
    let sum = (FIRST_ROOT * locatorOf(place)) % WORD_LENGTH
    for (const locator of locators) sum += LOGARITHM[own ^ locator] ?? 0
    products[place] = sum % WORD_LENGTH
  }
  return wanted.map((target) => {
    const locator = POWER[locatorOf(target)] ?? 0
    let divisor = (FIRST_ROOT * locatorOf(target)) % WORD_LENGTH
    for (const [index, place] of lost.entries())
      if (place !== target) divisor += LOGARITHM[locator ^ (locators[index] ?? 0)] ?? 0
    const row = new Uint8Array(WORD_LENGTH)
    for (let place = 0; place < WORD_LENGTH; place++) {
      if (isLost[place] === 1) continue
      const own = POWER[locatorOf(place)] ?? 0
      const exponent = (products[place] ?? 0) - (LOGARITHM[own ^ locator] ?? 0) - (divisor % WORD_LENGTH)
      row[place] = POWER[(exponent + 2 * WORD_LENGTH) % WORD_LENGTH] ?? 0
    }
    return row
  })
}
