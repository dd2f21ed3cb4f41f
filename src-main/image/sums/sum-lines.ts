import { LIST_EXTENSION, SFV } from './list-names'

export type SumAlgorithm =
  | 'crc32'
  /** Of cpio archives: all bytes, added up modulo 2^32. No list has it. */
  | 'sum32'
  | 'md5'
  | 'sha1'
  | 'sha224'
  | 'sha256'
  | 'sha384'
  | 'sha512'
  | 'blake2b512'

export const HEX_LENGTH: Record<SumAlgorithm, number> = {
  crc32: 8,
  sum32: 8,
  md5: 32,
  sha1: 40,
  sha224: 56,
  sha256: 64,
  sha384: 96,
  sha512: 128,
  // Only its name tells it from SHA-512.
  blake2b512: 128,
}

const ALGORITHMS = Object.keys(HEX_LENGTH) as SumAlgorithm[]

/** One line of a list of sums. */
export interface SumLine {
  algorithm: SumAlgorithm
  /** Lower-case hexadecimal. */
  hex: string
  /** As written: relative to the list, or to the root. */
  path: string
  /** Set where the file lies beside the list or is not on this disc at all, since it may be fetched instead. */
  isSet?: true
}

export interface ParsedSums {
  lines: SumLine[]
  /** Lines that hold a sum and are of no form that is known; the first of them, and how many. */
  notUnderstood: { count: number; first: string }
}

/** A file of the image that holds sums of others. */
export interface SumList {
  /** Of the list itself. */
  path: string
  /** Of the file that it is, where `path` is a link that leads there. */
  heldIn?: string
  /** Set where none of the files that it names are in the image: how many it names. `lines` is empty then. */
  strangers?: number
  /** `entry` is null where the view has no such file; `path` is from the root. */
  lines: (SumLine & { entry: number | null })[]
  notUnderstood: ParsedSums['notUnderstood']
}

/** A run of digits that is long enough to be a sum. */
const HAS_SUM = /(?<![0-9a-z])[0-9a-f]{32,}(?![0-9a-z])/i

/**
 * Reads the lines of a list of sums, in every form that md5sum and its kin write and check: `<hex>  path`, `<hex> *path`,
 * `<hex> path` (BSD, reversed), `SHA256 (path) = <hex>` (BSD, `--tag`), `SHA256(path)= <hex>` (OpenSSL), each escaped
 * where it begins with `\`; and those of FreeBSD's `MANIFEST`. A list that is named after one file may hold its sum alone. The algorithm is the line's own, told
 * by its tag or its length; where the list's name or a comment before the line (`# WHIRLPOOL HASH`) says one that has the
 * length of another, by that. Comments, signatures and other text are passed over.
 */
export function parseSums(text: string, listName = ''): ParsedSums {
  const lines: SumLine[] = []
  const notUnderstood = { count: 0, first: '' }
  let family = familyOf(listName)
  for (const line of text.split(/\r?\n/)) {
    const isSfv = SFV.test(listName)
    const [, heading] = HEADING.exec(line) ?? []
    if (heading !== undefined) family = familyOf(heading)
    const parsed = isSfv
      ? parseSfv(line)
      : (parseLine(line, family) ?? parseSet(line) ?? parseLone(line, listName, family))
    if (parsed !== null) lines.push(parsed)
    else if ((isSfv ? line.trim() !== '' : HAS_SUM.test(line)) && !/^\s*[#;]/.test(line)) {
      if (notUnderstood.count++ === 0) notUnderstood.first = line.trim()
    }
  }
  return { lines, notUnderstood }
}

/** `path <hex>`, the CRC-32 of a file; comments begin with `;`. */
function parseSfv(line: string): SumLine | null {
  const [, path, hex] = /^\s*([^;\s].*?)\s+([0-9a-f]{8})\s*$/i.exec(line) ?? []
  return path === undefined || hex === undefined ? null : { algorithm: 'crc32', hex: hex.toLowerCase(), path }
}

/** FreeBSD: file, SHA-256, number of files in it, name of the set, what it is, and whether it is chosen; tabs between. */
function parseSet(line: string): SumLine | null {
  const [, path, hex] = /^([^\t]+)\t([0-9a-f]{64})\t\d+\t[^\t]+\t[^\t]*\t(?:on|off)\s*$/i.exec(line) ?? []
  return path === undefined || hex === undefined
    ? null
    : { algorithm: 'sha256', hex: hex.toLowerCase(), path, isSet: true }
}

/** `rootfs.squashfs.md5` may hold the sum and nothing else. */
function parseLone(line: string, listName: string, family: Family): SumLine | null {
  const path = LIST_EXTENSION.test(listName) ? listName.replace(LIST_EXTENSION, '') : ''
  return path === '' ? null : parseLine(`${line.trim()}  ${path}`, family)
}

/** What a plain sum is of: told by its length, of BLAKE2b, or of what nothing here can make. */
type Family = 'by-length' | 'blake2b' | 'unknown'

/** @param words the name of a list, or a heading in it */
function familyOf(words: string): Family {
  if (/(?:^|[.-])(?:b|blake)2(?:b|b-?512)?(?:sums?)?(?:[.-]|$)/i.test(words)) return 'blake2b'
  return /sha-?3(?!84)|sha512-\d|blake|whirlpool|(?:rmd|ripemd)-?\d|tiger|streebog|\bsm3/i.test(words)
    ? 'unknown'
    : 'by-length'
}

/** Of a part of a list (Gentoo's DIGESTS). */
const HEADING = /^#\s*([a-z0-9-]+)\s+HASH\b/i

/** The heading that what follows a text stands under, as a line; empty without one. */
export function lastHeading(text: string): string {
  const last = [...text.matchAll(/^#[ \t]*[a-z0-9-]+[ \t]+HASH\b/gim)].at(-1)
  return last === undefined ? '' : `${last[0]}\n`
}

function algorithmOf(hex: string, tag: string | undefined, family: Family): SumAlgorithm | null {
  const byLength = ALGORITHMS.find((name) => HEX_LENGTH[name] === hex.length) ?? null
  if (tag === undefined) {
    if (family === 'by-length') return byLength
    return family === 'blake2b' && hex.length === HEX_LENGTH.blake2b512 ? 'blake2b512' : null
  }
  const name = tag.toLowerCase().replace(/^sha2-|-/g, (text) => (text === 'sha2-' ? 'sha' : ''))
  if (name === 'blake2b' && hex.length === HEX_LENGTH.blake2b512) return 'blake2b512'
  return name === byLength ? byLength : null
}

function parseLine(whole: string, family: Family): SumLine | null {
  const isEscaped = whole.startsWith('\\')
  const line = isEscaped ? whole.slice(1) : whole
  const plain = /^\s*([0-9a-f]{32,128})(?: [ *]?|\t+ *\*?|  +)(.+)$/i.exec(line)
  const tagged = /^\s*([a-z0-9-]+)\s*\((.+)\)\s*=\s*([0-9a-f]{32,128})\s*$/i.exec(line)
  const [hex, path] = plain ? [plain[1] ?? '', plain[2] ?? ''] : [tagged?.[3] ?? '', tagged?.[2] ?? '']
  const algorithm = algorithmOf(hex, plain ? undefined : tagged?.[1], family)
  if (algorithm === null || path === '') return null
  return { algorithm, hex: hex.toLowerCase(), path: isEscaped ? unescaped(path) : path }
}

/** coreutils writes `\\`, `\n` and `\r` in names where a line begins with `\`. */
function unescaped(path: string): string {
  return path.replace(/\\([\\nr])/g, (_, letter: string) => (letter === 'n' ? '\n' : letter === 'r' ? '\r' : '\\'))
}
