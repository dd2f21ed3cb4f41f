/**
 * What nobody sees, and what makes others be read in another order: controls (Unicode Cc), line and paragraph separators,
 * and the characters that turn or isolate the direction of writing. The marks U+200E and U+200F turn nothing but what has
 * no direction of its own, and stand in honest names.
 */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu
const PICTURES = 0x2400
const DELETE = 0x7f

/** A name as it is shown: with a sign for whatever would break its line, or make a program look like a picture. */
export function visibleName(name: string): string {
  return name.replace(UNSEEN, (character) => {
    const code = character.charCodeAt(0)
    if (code < 0x20) return String.fromCharCode(PICTURES + code)
    if (code === DELETE) return '\u2421'
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`
  })
}
