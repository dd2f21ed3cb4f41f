/** Breaks a line into pieces of at most so many columns, after a space where there is one near the end. */
export function wrapLine(line: string, columns: number): string[] {
  if (columns < 8 || (line.length * 2 <= columns && !line.includes('\t'))) return [line]
  const text = line.replaceAll('\t', '    ')
  const pieces: string[] = []
  let start = 0
  let width = 0
  let lastSpace = -1
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 32) lastSpace = at
    // The second half of a surrogate pair has its width from the first.
    const isSecondHalf = code >= 0xdc00 && code <= 0xdfff
    width += isSecondHalf ? 0 : isWide(code) ? 2 : 1
    if (width <= columns || isSecondHalf) continue
    const end = lastSpace >= start + columns / 3 ? lastSpace + 1 : at
    pieces.push(text.slice(start, end))
    start = end
    at = end - 1
    width = 0
    lastSpace = -1
  }
  pieces.push(text.slice(start))
  return pieces
}

/** East Asian signs, and everything beyond the first plane that a text preview is likely to meet, fill two columns. */
function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xd800 && code <= 0xdbff) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60)
  )
}
