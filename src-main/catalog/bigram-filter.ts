/** Entries that one set speaks for. Views begin and end at multiples of it, so no set mixes two of them. */
export const CHUNK_SPAN = 2 ** 16
/** So many that the letters and pairs of real names leave most of them out, and that a row fills one page. */
const BIT_COUNT = 3840 * 8

/**
 * Which letters and pairs of letters occur in the names of a chunk of entries. Texts of one or two letters are too
 * short for the trigram index; with these sets a search for them skips whatever cannot hold them. Different pairs may
 * share a bit, so a set is only sure of what does not occur.
 */
export class BigramFilter {
  readonly bits = new Uint8Array(BIT_COUNT / 8)

  /** @param name as search compares it; capital letters of ASCII may stay */
  add(name: string): void {
    const { bits } = this
    let before = -1
    for (let i = 0; i < name.length; i++) {
      const unit = name.charCodeAt(i)
      const letter = unit >= 0x41 && unit <= 0x5a ? unit + 0x20 : unit
      const bit = placeOfLetter(letter)
      bits[bit >> 3] = (bits[bit >> 3] ?? 0) | (1 << (bit & 7))
      if (before >= 0) {
        const pair = placeOfPair(before, letter)
        bits[pair >> 3] = (bits[pair >> 3] ?? 0) | (1 << (pair & 7))
      }
      before = letter
    }
  }

  clear(): void {
    this.bits.fill(0)
  }
}

/**
 * Whether a name with these bits may hold the text, or fit the glob.
 * @param bits of a {@link BigramFilter}
 * @param text folded
 */
export function mayHold(bits: Uint8Array, text: string): boolean {
  const has = (bit: number): boolean => ((bits[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0
  for (const part of text.split(/[*?]+/))
    for (let i = 0; i < part.length; i++) {
      if (!has(placeOfLetter(part.charCodeAt(i)))) return false
      if (i > 0 && !has(placeOfPair(part.charCodeAt(i - 1), part.charCodeAt(i)))) return false
    }
  return true
}

function placeOfLetter(letter: number): number {
  return (Math.imul(letter + 1, 0x85ebca6b) >>> 0) % BIT_COUNT
}

function placeOfPair(first: number, second: number): number {
  return (Math.imul((first << 16) | second, 0x9e3779b1) >>> 0) % BIT_COUNT
}
