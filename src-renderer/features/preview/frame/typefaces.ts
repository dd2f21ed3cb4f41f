interface Typeface {
  range: string
  bytes: ArrayBuffer
}

let faces: Promise<Typeface[]> | null = null

/** The window's own typeface, as frames are handed it: they can load nothing. Read once, from the window's styles. */
export function typefaces(): Promise<Typeface[]> {
  faces ??= Promise.all(ownRules().map(load))
  return faces
}

function ownRules(): CSSFontFaceRule[] {
  return [...document.styleSheets].flatMap((sheet) =>
    sheet.href === null ? [] : [...sheet.cssRules].filter((rule) => rule instanceof CSSFontFaceRule),
  )
}

async function load({ style, parentStyleSheet }: CSSFontFaceRule): Promise<Typeface> {
  const [, address = ''] = /url\("?([^")]+)"?\)/.exec(style.getPropertyValue('src')) ?? []
  const answer = await fetch(new URL(address, parentStyleSheet?.href ?? document.baseURI))
  return { range: style.getPropertyValue('unicode-range'), bytes: await answer.arrayBuffer() }
}
