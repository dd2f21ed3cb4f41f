const NAME = String.raw`[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?`
const ATTRIBUTES = String.raw`(?:\s+${NAME}\s*=\s*(?:"[^<"]*"|'[^<']*'))*`
/** XML 1.0, 2.4 to 3.1: everything but a document type, which nobody needs here and which can grow without end. */
const TOKEN = new RegExp(
  [
    String.raw`<\?[\s\S]*?\?>`,
    String.raw`<!--(?:(?!--)[\s\S])*-->`,
    String.raw`(?<data><!\[CDATA\[[\s\S]*?\]\]>)`,
    String.raw`</(?<end>${NAME})\s*>`,
    String.raw`<(?<start>${NAME})${ATTRIBUTES}\s*(?<empty>/?)>`,
    String.raw`(?<text>[^<]+)`,
  ].join('|'),
  'y',
)
/** 4.1: a reference to a character or one of the five that need no declaration. */
const LONE_AMPERSAND = /&(?!(?:amp|lt|gt|apos|quot|#\d+|#x[0-9a-f]+);)/i

/** Whether a text is XML: one element, whose tags close in the order in which they were opened. */
export function isWellFormed(text: string): boolean {
  const open: string[] = []
  let isDone = false
  TOKEN.lastIndex = text.startsWith('\ufeff') ? 1 : 0
  while (TOKEN.lastIndex < text.length) {
    const { 0: token = '', groups } = TOKEN.exec(text) ?? {}
    if (groups === undefined || LONE_AMPERSAND.test(groups.data === undefined ? token : '')) return false
    const { start, empty, end, data } = groups
    const isOutside = open.length === 0
    if (start !== undefined) {
      if (isDone) return false
      if (empty === '') open.push(start)
      isDone = empty !== '' && isOutside
    } else if (end !== undefined) {
      if (open.pop() !== end) return false
      isDone = open.length === 0
    } else if (isOutside && (data ?? groups.text ?? '').trim() !== '') return false
  }
  return isDone
}
