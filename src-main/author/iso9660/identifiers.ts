/** How identifiers of one tree are recorded and ordered. */
export interface IdentifierForm {
  encode(name: string, isDirectory: boolean): Uint8Array
  /** As readers show a name that is recorded so. */
  shown(name: string): string
  /** ECMA-119 9.3; of the files' names as recorded. */
  compare(a: Uint8Array, b: Uint8Array): number
}

const DOT = 0x2e
const SEMICOLON = 0x3b
const SPACE = 0x20

/** ECMA-119 7.5.1: `NAME.EXT;1`. Folders have neither dot nor version. */
export const plainForm: IdentifierForm = {
  shown: withoutDot,
  encode: (name, isDirectory) => Buffer.from(isDirectory ? name : `${name};1`, 'latin1'),
  compare(a, b) {
    return comparePart(a, b, 0, 0, DOT) || comparePart(a, b, after(a, DOT), after(b, DOT), SEMICOLON)
  },
}

/** ISO 9660:1999: names as they are, without versions. */
export const enhancedForm: IdentifierForm = {
  shown: withoutDot,
  encode: (name) => Buffer.from(name, 'utf8'),
  compare: (a, b) => Buffer.compare(a, b),
}

/** Joliet: 16 bits a character, big-endian; files have no version, as Windows writes them. */
export const jolietForm: IdentifierForm = {
  shown: (name) => name,
  encode: (name) => Buffer.from(name, 'utf16le').swap16(),
  compare: (a, b) => Buffer.compare(a, b),
}

/** ECMA-119 7.5.1: the dot of a name without extension is no part of it; a name of dots alone keeps them. */
function withoutDot(name: string): string {
  return name.replace(/(?<=[^.])\.$/, '')
}

function after(bytes: Uint8Array, separator: number): number {
  const at = bytes.indexOf(separator)
  return at < 0 ? bytes.byteLength : at + 1
}

/** Up to the separator; the shorter one is filled with spaces (ECMA-119 9.3). */
function comparePart(a: Uint8Array, b: Uint8Array, fromA: number, fromB: number, separator: number): number {
  for (let i = 0; ; i++) {
    const [x = separator, y = separator] = [a[fromA + i], b[fromB + i]]
    const isOver = [x === separator, y === separator]
    if (isOver[0] && isOver[1]) return 0
    const difference = (isOver[0] ? SPACE : x) - (isOver[1] ? SPACE : y)
    if (difference !== 0) return difference
    // Equal but for trailing spaces: the shorter one comes first.
    if (isOver[0] || isOver[1]) return isOver[0] ? -1 : 1
  }
}
