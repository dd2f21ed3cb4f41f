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
  const patterns = masks.map((mask) => new RegExp(`^${mask.replace(/[*?]|[^*?]+/g, translate)}$`, 'isu'))
  return {
    fits: (name) => patterns.some((pattern) => pattern.test(name)),
    filter: masks.length === 1 ? longestPiece(masks[0] ?? '') : '',
  }
}

function translate(piece: string): string {
  if (piece === '*') return '.*'
  if (piece === '?') return '.'
  return piece.replace(/[\\^$.|+()[\]{}/-]/g, String.raw`\$&`)
}

function longestPiece(mask: string): string {
  return mask.split(/[*?]+/).reduce((longest, piece) => (piece.length > longest.length ? piece : longest), '')
}
