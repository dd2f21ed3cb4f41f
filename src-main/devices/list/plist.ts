/** A value of a property list. */
export type PlistValue = string | number | boolean | PlistValue[] | { [key: string]: PlistValue }

const TOKEN = /<!--[^]*?-->|<\?[^]*?\?>|<!DOCTYPE[^>]*>|<(\/?)([a-z]+)(\s[^>]*?)?(\/?)>|([^<]+)/gi
const DEPTH_LIMIT = 64

/**
 * An XML property list, as Apple’s tools print them.
 * @throws {SyntaxError} where it is none
 */
export function parsePlist(text: string): PlistValue {
  const reader = new PlistReader(text)
  reader.open('plist')
  return reader.value(reader.next(), 0)
}

interface Token {
  kind: 'open' | 'close' | 'empty' | 'text'
  name: string
}

class PlistReader {
  private readonly tokens: Token[]
  private at = 0

  constructor(text: string) {
    this.tokens = Array.from(text.matchAll(TOKEN)).flatMap(([, slash, name, , end, words]): Token[] => {
      if (words !== undefined) return [{ kind: 'text', name: words }]
      if (name === undefined) return []
      return [{ kind: slash === '/' ? 'close' : end === '/' ? 'empty' : 'open', name }]
    })
  }

  /** The next token that is no white space between elements. */
  next(): Token {
    for (;;) {
      const token = this.tokens[this.at++]
      if (token === undefined) throw new SyntaxError('The property list ends too early.')
      if (token.kind !== 'text' || token.name.trim() !== '') return token
    }
  }

  open(name: string): void {
    const token = this.next()
    if (token.kind !== 'open' || token.name !== name) throw new SyntaxError('It is no property list.')
  }

  value(token: Token, depth: number): PlistValue {
    if (depth > DEPTH_LIMIT) throw new SyntaxError('The property list is nested too deep.')
    const { kind, name } = token
    if (kind === 'empty' && (name === 'true' || name === 'false')) return name === 'true'
    if (kind === 'empty') return name === 'array' ? [] : name === 'dict' ? {} : ''
    if (kind !== 'open') throw new SyntaxError(`A property list has no ${name} there.`)
    if (name === 'array') return this.list(depth)
    if (name === 'dict') return this.dictionary(depth)
    const words = this.words(name)
    return name === 'integer' || name === 'real' ? Number(words) : words
  }

  private list(depth: number): PlistValue[] {
    const values: PlistValue[] = []
    for (;;) {
      const token = this.next()
      if (token.kind === 'close') return values
      values.push(this.value(token, depth + 1))
    }
  }

  private dictionary(depth: number): Record<string, PlistValue> {
    const entries: [string, PlistValue][] = []
    for (;;) {
      const token = this.next()
      if (token.kind === 'close') return Object.fromEntries(entries)
      if (token.kind !== 'open' || token.name !== 'key') throw new SyntaxError('A property list has no key there.')
      entries.push([this.words('key'), this.value(this.next(), depth + 1)])
    }
  }

  private words(name: string): string {
    let text = ''
    for (;;) {
      const token = this.tokens[this.at++]
      if (token === undefined) throw new SyntaxError('The property list ends too early.')
      if (token.kind === 'close' && token.name === name) return unescaped(text)
      if (token.kind === 'text') text += token.name
    }
  }
}

function unescaped(text: string): string {
  const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
  return text.replace(
    /&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi,
    (whole, ten?: string, sixteen?: string, name?: string) => {
      if (ten !== undefined) return String.fromCodePoint(Number(ten))
      if (sixteen !== undefined) return String.fromCodePoint(parseInt(sixteen, 16))
      return names[name ?? ''] ?? whole
    },
  )
}
