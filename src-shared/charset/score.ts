import type { NAME_CHARSETS } from '../model'

type Charset = keyof typeof NAME_CHARSETS

/**
 * How much text in a script of small and capital letters looks like what people write, a letter at a time: by how common
 * it is in the languages of the script, which shows a wrong character set even where all of it is letters.
 */
interface Alphabet {
  /** Small letters: the ten or so that make up most of a text, those of middling use, and the rest. */
  common: string
  usual: string
  rare: string
  /** Letters that end words only. */
  final?: string
  /** Signs that stand behind a letter of the script, or behind another of them. */
  marks?: string
  /** Letters that stand in front of another only. */
  leading?: string
}

const CYRILLIC: Alphabet = {
  common: 'оеаинтсрвлк',
  usual: 'мдпуяыьгзбчйії',
  rare: 'хжшюцщэфъёєґўјљњћџђѕѓќ',
}
const GREEK: Alphabet = {
  common: 'αοιετσνηυρπκ',
  usual: 'λμςάόίέδγω',
  rare: 'ήθχύφβώξζψϊϋΐΰ',
  final: 'ς',
}

const HEBREW: Alphabet = {
  common: 'יוהלארתשמנב',
  usual: 'דחקעפכגסטצםןךףץ',
  rare: 'ז־׳״',
  final: 'םןךףץ',
}
const ARABIC: Alphabet = {
  common: 'اليمنرتوبدعهة',
  usual: 'سفحكقشجصطخأىضزإآء',
  rare: 'ذثغظئؤـ،؛؟پچژگکںہے',
  final: 'ةى',
}
const THAI: Alphabet = {
  common: 'านรกอเงมยลวดท่้ส',
  usual: 'ตะปบคหแจพชขใไโิีัุู็ืำ์',
  rare: 'ผภถธศษณซฟฉญฐฎฏฒฬฮฆฌฝ๊๋ึฯๆฤ๐๑๒๓๔๕๖๗๘๙',
  marks: 'ัิีึืฺุู็่้๊๋์ํ',
  leading: 'เแโใไ',
}

const ALPHABETS: Partial<Record<Charset, Alphabet>> = {
  'windows-1251': CYRILLIC,
  'koi8-u': CYRILLIC,
  ibm866: CYRILLIC,
  'iso-8859-5': CYRILLIC,
  'x-mac-cyrillic': CYRILLIC,
  'windows-1253': GREEK,
  'iso-8859-7': GREEK,
  'windows-1255': HEBREW,
  'windows-1256': ARABIC,
  'iso-8859-6': ARABIC,
  'windows-874': THAI,
}

/** Letters beyond ASCII of one language, or of languages that share most of them; small ones stand for capitals too. */
const WESTERN = [
  'äöüß', // German
  'éèêëàâçîïôùûüÿœæ', // French
  'áéíóúñü', // Spanish, Irish
  'ãõáéíóúâêôàç', // Portuguese
  'åäöæøé', // Danish, Finnish, Norwegian, Swedish
  'àèéìíòóùú', // Italian
  'áéíóúýðþæö', // Icelandic
  'àèéíïòóúüç', // Catalan
  'éëïöüèêáóú', // Dutch
]
const CENTRAL = [
  'ąćęłńóśźż', // Polish
  'áčďéěíňóřšťúůýž', // Czech
  'áäčďéíľňóôšťúýž', // Slovak, without its two letters that hardly any word has
  'áéíóöőúüű', // Hungarian
  'ăâîşţ', // Romanian
  'čćđšž', // Bosnian, Croatian, Slovenian
]
/** The set has what Western languages write as well. */
const TURKISH = ['çğıöşüâî', 'áéíóúñàèìòùêëôûäß']

const CENTRAL_ALONE = CENTRAL.join('').replaceAll(new RegExp(`[${WESTERN.join('')}]`, 'g'), '')

/** Charsets of Latin letters, and whose. */
const LATIN: Partial<Record<Charset, readonly string[]>> = {
  cp437: WESTERN,
  cp850: WESTERN,
  latin1: WESTERN,
  'windows-1250': CENTRAL,
  'iso-8859-2': CENTRAL,
  cp852: CENTRAL,
  'windows-1254': TURKISH,
  macintosh: WESTERN,
}

/** Points of a letter: of the language that a name is in, of any that the set is for, of none of them. */
const IN_LANGUAGE = 2.4
/** Letters that only languages of the centre have, and those of the West that are seldom: the likelier go first. */
const CENTRAL_LETTER = 2.2
const SELDOM_LETTER = 2
const SELDOM = 'ýþðõû'
const IN_SCRIPT = 1.2
const FOREIGN = -3
/** More for each letter that is of the one language which most of the names are in. */
const IN_MOST = 0.2
/** Accented letters seldom stand side by side in Latin script; those of other scripts always do. */
const SIDE_BY_SIDE = -1
/** What is in text of every language, and says nothing of whose it is. */
const PUNCTUATION = '«»„“”‘’‚–—…·•°©®™§€¿¡ªº\u00a0'
/** What can only be a mistake: a capital letter behind a small one, letters of two scripts in one word. */
const MIXED = -3
const CAPITAL_BEHIND_SMALL = /\p{Ll}(?=\p{Lu})[^\0-\x7f]/gu

/**
 * How much names in a character set look like text. Higher is likelier; of sets that read all of them alike the first wins.
 * @returns null for a set that is not of an alphabet
 */
export function alphabetScore(charset: Charset, texts: readonly string[]): number | null {
  const alphabet = ALPHABETS[charset]
  if (alphabet !== undefined) return texts.reduce((score, text) => score + scriptScore(text, alphabet), 0)
  const languages = LATIN[charset]
  if (languages === undefined) return null
  const names = texts.filter((text) => /[^\0-\x7f]/.test(text)).map(outlineOf)
  const script = languages.join('')
  const scores = names.map((name) => Math.max(...languages.map((language) => latinScore(name, language, script))))
  const most = Math.max(...languages.map((language) => countOf(names, language)))
  const mixed = texts.reduce((count, text) => count + (text.match(CAPITAL_BEHIND_SMALL)?.length ?? 0), 0)
  return scores.reduce((sum, score) => sum + score, most * IN_MOST + mixed * MIXED)
}

/** A name in small letters, with `x` for those of ASCII and blanks for its other characters. */
function outlineOf(text: string): string {
  return text
    .replaceAll('İ', 'ı')
    .toLowerCase()
    .replaceAll(/[a-z]/g, 'x')
    .replaceAll(/[\0-\x77\x79-\x7f]/g, ' ')
}

function latinScore(outline: string, language: string, script: string): number {
  let score = 0
  for (let at = 0; at < outline.length; at++) {
    const letter = outline.charAt(at)
    const [before, after] = [outline[at - 1] ?? ' ', outline[at + 1] ?? ' ']
    if (letter < '\x80') continue
    if (PUNCTUATION.includes(letter)) score += isIn(before) && isIn(after) && letter !== '’' ? FOREIGN : CENTRAL_LETTER
    else if (language.includes(letter)) score += pointsOf(letter)
    else score += script.includes(letter) ? IN_SCRIPT : FOREIGN
    if (before >= '\x80' && isIn(before) && isIn(letter)) score += SIDE_BY_SIDE
  }
  return score
}

/** Whether a character of an outline is of a word. */
function isIn(character: string): boolean {
  return character !== ' ' && !PUNCTUATION.includes(character)
}

function pointsOf(letter: string): number {
  if (SELDOM.includes(letter)) return SELDOM_LETTER
  return CENTRAL_ALONE.includes(letter) ? CENTRAL_LETTER : IN_LANGUAGE
}

function countOf(names: readonly string[], language: string): number {
  let count = 0
  for (const name of names) for (const letter of name) if (language.includes(letter)) count++
  return count
}

function scriptScore(text: string, alphabet: Alphabet): number {
  let score = 0
  let previous = ''
  const characters = Array.from(text)
  for (const [at, character] of characters.entries()) {
    const isHigh = character >= '\x80'
    const small = character.toLowerCase()
    if (isHigh) score += letterScore(small, alphabet)
    if (isHigh && character !== small && isSmall(previous)) score += MIXED
    if (isHigh !== previous >= '\x80' && isLetter(character) && isLetter(previous)) score += MIXED
    score += orderScore(characters, at, alphabet)
    previous = character
  }
  return score
}

/** What stands where it cannot, in a script whose letters have their places in a word. */
function orderScore(
  characters: readonly string[],
  at: number,
  { final = '', marks = '', leading = '' }: Alphabet,
): number {
  const [before = '', own = '', after = ''] = [characters[at - 1], characters[at], characters[at + 1]]
  if (final.includes(own) && isLetter(after)) return MIXED
  if (marks.includes(own) && (before < '\x80' || leading.includes(before) || !/[\p{L}\p{M}]/u.test(before)))
    return MIXED
  return leading.includes(own) && (after < '\x80' || !isLetter(after)) ? MIXED : 0
}

function letterScore(letter: string, { common, usual, rare }: Alphabet): number {
  if (common.includes(letter)) return 2.2
  if (PUNCTUATION.includes(letter)) return 0
  if (usual.includes(letter)) return 1.5
  return rare.includes(letter) ? 0.6 : FOREIGN
}

function isLetter(character: string): boolean {
  return /^\p{L}$/u.test(character)
}

function isSmall(character: string): boolean {
  return /^\p{Ll}$/u.test(character)
}
