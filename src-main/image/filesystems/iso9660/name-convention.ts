import type { DiagnosticLog } from '../../core/diagnostic-log'

const DOT = 0x2e
const SEMICOLON = 0x3b
const HIGH = 0x80
const DIRECTORY = 2

/** Fewer names are no convention. */
const CONVENTION_FROM = 4
/** More names that are one byte off are how their writer names. */
const STRAYS_AT_MOST = 2

const STRAYS = {
  NAME_NOT_IN_CAPITALS: 'A name is not in capitals, as the others are.',
  NAME_WITH_CONTROLS: 'A name holds characters that are in no name.',
  NAME_WITHOUT_SEPARATORS: 'A file’s name lacks what separates its parts.',
} as const
type StrayCode = keyof typeof STRAYS

/** What a name is made of; of its bytes beyond ASCII nothing is known. */
interface Spelling {
  small: number
  capitals: number
  controls: number
  /** A file's identifier has both separators (ECMA-119 7.5.1). */
  isSeparated: boolean
  /** It would have both, were one byte another that no identifier should have. */
  isNearlySeparated: boolean
}

/**
 * Watches how the identifiers of a tree are written that has no other names. Where all keep to ECMA-119 7.5 and one or
 * two do not for a single byte, that byte has changed. Writers that leave the rules leave them in many names, and in more
 * than a byte: of those nothing can be said.
 */
export class NameConvention {
  private kept = 0
  private isLeft = false
  private strays: { code: StrayCode; byteOffset: number }[] = []

  /** @param at where the record begins in `bytes`, which lie at `base` */
  add(bytes: Uint8Array, at: number, base: number): void {
    const isDirectory = ((bytes[at + 25] ?? 0) & DIRECTORY) !== 0
    const spelling = spellingOf(bytes, at + 33, at + 33 + (bytes[at + 32] ?? 0), isDirectory)
    const code = strayOf(spelling)
    if (code === 'kept') this.kept++
    else if (code === 'left') this.isLeft = true
    else if (this.strays.length <= STRAYS_AT_MOST) this.strays.push({ code, byteOffset: base + at })
  }

  /** Tells the log, once: afterwards nothing has been seen. */
  settle(log: DiagnosticLog): void {
    if (!this.isLeft && this.strays.length <= STRAYS_AT_MOST && this.kept >= CONVENTION_FROM)
      for (const { code, byteOffset } of this.strays) log.damage(code, STRAYS[code], byteOffset)
    this.kept = 0
    this.isLeft = false
    this.strays = []
  }
}

function strayOf(spelling: Spelling): StrayCode | 'kept' | 'left' {
  const { small, capitals, controls, isSeparated, isNearlySeparated } = spelling
  const odd = small + controls
  if (isSeparated && odd === 0) return 'kept'
  if (odd > 1 || !(isSeparated || isNearlySeparated)) return 'left'
  if (controls === 1) return 'NAME_WITH_CONTROLS'
  // A lone small letter is a separator that has changed, or a capital.
  if (!isSeparated) return 'NAME_WITHOUT_SEPARATORS'
  return capitals > 0 ? 'NAME_NOT_IN_CAPITALS' : 'left'
}

function spellingOf(bytes: Uint8Array, from: number, to: number, isDirectory: boolean): Spelling {
  const seen = { small: 0, capitals: 0, controls: 0 }
  let [dots, semicolons, odd] = [0, 0, 0]
  for (let i = from; i < to; i++) {
    const byte = bytes[i] ?? 0
    if (byte === DOT) dots++
    else if (byte === SEMICOLON) semicolons++
    else if (isCapital(byte)) seen.capitals++
    else if (!isDigit(byte) && byte !== 0x5f && byte < HIGH) odd++
    if (byte >= 0x61 && byte <= 0x7a) seen.small++
    else if (byte < 0x20) seen.controls++
  }
  const isSeparated = isDirectory || (dots > 0 && semicolons > 0)
  // `NAME.EXT;1` with another byte for the one or the other. Who cuts names may cut the dot, but leaves no version out.
  const lacksSemicolon = dots > 0 && semicolons === 0 && to - from > 3 && isDigit(bytes[to - 1] ?? 0)
  const lacksDot = dots === 0 && semicolons > 0 && odd === 1
  return { ...seen, isSeparated, isNearlySeparated: odd <= 1 && (lacksSemicolon || lacksDot) }
}

function isCapital(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}
