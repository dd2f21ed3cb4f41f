/** A mask made ready: whether a name fits it, and the longest plain text that every fitting name has in it. */
export interface Mask {
  fits: (name: string) => boolean
  filter: string
}

/**
 * Reads masks as people write them: `*` for anything, `?` for one sign, several separated by `;` or `,`. Without either
 * sign a mask is meant as a part of the name. Case does not matter.
 */
export function parseMask(text: string): Mask {
  const masks = text
    .split(/[;,]/)
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one) => (/[*?]/.test(one) ? one : `*${one}*`))
  const patterns = masks.map(matcher)
  return {
    fits: (name) => {
      const signs = folded(name)
      return patterns.some((fits) => fits(signs))
    },
    filter: masks.length === 1 ? longestPiece(masks[0] ?? '') : '',
  }
}

/** What narrows rows while one types: a part of a name, or a mask where a sign of one is in it; null for all names. */
export function nameFilter(text: string): ((name: string) => boolean) | null {
  if (text === '') return null
  if (/[*?]/.test(text)) return parseMask(text).fits
  const needle = text.toLowerCase()
  return (name) => name.toLowerCase().includes(needle)
}

/** `?` in a piece of a mask: any one sign. */
const ANY = '?'

/**
 * The pieces between stars, each looked for once behind the one before: a piece that is found as early as possible leaves
 * the most to the others, so nothing is ever tried again, however many stars there are.
 */
function matcher(mask: string): (signs: readonly string[]) => boolean {
  const pieces = mask.split('*').map(folded)
  const first = pieces.shift() ?? []
  const last = pieces.pop()
  const between = pieces.filter((piece) => piece.length > 0)
  if (last === undefined) return (signs) => signs.length === first.length && isAt(signs, first, 0)
  return (signs) => {
    const end = signs.length - last.length
    if (end < first.length || !isAt(signs, first, 0) || !isAt(signs, last, end)) return false
    let at = first.length
    for (const piece of between) {
      while (at + piece.length <= end && !isAt(signs, piece, at)) at++
      if (at + piece.length > end) return false
      at += piece.length
    }
    return true
  }
}

function isAt(signs: readonly string[], piece: readonly string[], at: number): boolean {
  for (let i = 0; i < piece.length; i++) if (piece[i] !== ANY && piece[i] !== signs[at + i]) return false
  return true
}

/** Its signs in one spelling of upper and lower case; a sign stays one sign (ß is no SS). */
function folded(text: string): string[] {
  return Array.from(text, (sign) => {
    const upper = sign.toUpperCase()
    return upper.length === sign.length ? upper.toLowerCase() : sign.toLowerCase()
  })
}

function longestPiece(mask: string): string {
  return mask.split(/[*?]+/).reduce((longest, piece) => (piece.length > longest.length ? piece : longest), '')
}
