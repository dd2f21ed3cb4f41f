const ASCII_ONLY = /^[\x20-\x7e]*$/

/**
 * A name as search compares it: full case folding in every script (`ß` and `SS` are one, final sigma and `İ` too), and
 * accents composed however they were recorded.
 */
export function foldName(name: string): string {
  if (ASCII_ONLY.test(name)) return name.toLowerCase()
  return (
    name
      .normalize('NFC')
      // Upper case first: it is the only one that takes `ß`, ligatures and the long s apart.
      .toUpperCase()
      .toLowerCase()
      .replaceAll('ß', 'ss')
      .replaceAll('ς', 'σ')
      .replaceAll('i\u0307', 'i')
      .normalize('NFC')
  )
}

/** Whether SQLite's own LIKE, which folds ASCII only, judges this text as {@link foldName} would. */
export function isPlainAscii(text: string): boolean {
  return ASCII_ONLY.test(text)
}
