import type { Encoding } from '../../base/file-kinds/encoding'

/** A line of a program squeezed onto one is cut into pieces that a browser can lay out. */
const LINE_LIMIT = 1_000

/** Turns bytes that come in pieces into lines, whichever way lines end and wherever the pieces are cut. */
export class TextLines {
  readonly lines: string[] = []
  private readonly decoder: TextDecoder
  private rest = ''

  constructor(encoding: Encoding) {
    this.decoder = new TextDecoder(encoding)
  }

  add(bytes: Uint8Array, isLast: boolean): void {
    const text = this.rest + this.decoder.decode(bytes, { stream: !isLast })
    // A carriage return at the very end may be the first half of a line's end.
    const safe = isLast || !text.endsWith('\r') ? text : text.slice(0, -1)
    const parts = safe.split(/\r\n|\n|\r/)
    this.rest = isLast ? '' : (parts.pop() ?? '') + text.slice(safe.length)
    for (const part of parts) this.push(part)
    if (this.rest.length > LINE_LIMIT * 4) {
      this.push(this.rest)
      this.rest = ''
    }
    // A text that ends its last line properly has no empty one after it.
    if (isLast && this.lines.at(-1) === '') this.lines.pop()
  }

  private push(line: string): void {
    for (let at = 0; at === 0 || at < line.length; at += LINE_LIMIT) this.lines.push(line.slice(at, at + LINE_LIMIT))
  }
}
