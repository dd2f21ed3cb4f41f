export type SumAlgorithm = 'crc32' | 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512'

export const HEX_LENGTH: Record<SumAlgorithm, number> = {
  crc32: 8,
  md5: 32,
  sha1: 40,
  sha224: 56,
  sha256: 64,
  sha384: 96,
  sha512: 128,
}

const ALGORITHMS = Object.keys(HEX_LENGTH) as SumAlgorithm[]

/** One line of a list of sums. */
export interface SumLine {
  algorithm: SumAlgorithm
  /** Lower-case hexadecimal. */
  hex: string
  /** As written: relative to the list, or to the root. */
  path: string
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
  /** `entry` is null where the view has no such file; `path` is from the root. */
  lines: (SumLine & { entry: number | null })[]
  notUnderstood: ParsedSums['notUnderstood']
}

/** A run of digits that is long enough to be a sum. */
const HAS_SUM = /(?<![0-9a-z])[0-9a-f]{32,}(?![0-9a-z])/i

/**
 * Reads the lines of a list of sums, in every form that md5sum and its kin write and check: `<hex>  path`, `<hex> *path`,
 * `<hex> path` (BSD, reversed), `SHA256 (path) = <hex>` (BSD, `--tag`), `SHA256(path)= <hex>` (OpenSSL), each escaped
 * where it begins with `\`. A list that is named after one file may hold its sum alone. The algorithm is the line's own, told by its tag or its length. Comments, signatures and other text are passed over.
 */
export function parseSums(text: string, listName = ''): ParsedSums {
  const lines: SumLine[] = []
  const notUnderstood = { count: 0, first: '' }
  for (const line of text.split(/\r?\n/)) {
    const isSfv = SFV.test(listName)
    const parsed = isSfv ? parseSfv(line) : (parseLine(line) ?? parseLone(line, listName))
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

/** `rootfs.squashfs.md5` may hold the sum and nothing else. */
function parseLone(line: string, listName: string): SumLine | null {
  const path = LIST_EXTENSION.test(listName) ? listName.replace(LIST_EXTENSION, '') : ''
  return path === '' ? null : parseLine(`${line.trim()}  ${path}`)
}

function parseLine(whole: string): SumLine | null {
  const isEscaped = whole.startsWith('\\')
  const line = isEscaped ? whole.slice(1) : whole
  const plain = /^\s*([0-9a-f]{32,128})(?: [ *]?|\t+ *\*?|  +)(.+)$/i.exec(line)
  const tagged = /^\s*([a-z0-9-]+)\s*\((.+)\)\s*=\s*([0-9a-f]{32,128})\s*$/i.exec(line)
  const [hex, path] = plain ? [plain[1] ?? '', plain[2] ?? ''] : [tagged?.[3] ?? '', tagged?.[2] ?? '']
  const algorithm = ALGORITHMS.find((name) => HEX_LENGTH[name] === hex.length)
  if (algorithm === undefined || path === '') return null
  if (
    tagged &&
    !plain &&
    tagged[1]?.toLowerCase().replace(/^sha2-|-/g, (text) => (text === 'sha2-' ? 'sha' : '')) !== algorithm
  )
    return null
  return { algorithm, hex: hex.toLowerCase(), path: isEscaped ? unescaped(path) : path }
}

/** coreutils writes `\\`, `\n` and `\r` in names where a line begins with `\`. */
function unescaped(path: string): string {
  return path.replace(/\\([\\nr])/g, (_, letter: string) => (letter === 'n' ? '\n' : letter === 'r' ? '\r' : '\\'))
}

/** Names of lists of sums, without folder: `md5sum.txt`, `SHA256SUMS`, `CHECKSUMS`, `CHECKSUMS.md5`, `SHA512`, `MANIFEST`. */
const LIST_NAME =
  /^(?:(?:md5|sha1|sha224|sha256|sha384|sha512)(?:sums?)?|checksums?|manifest)(?:[.-](?:md5|sha1|sha224|sha256|sha384|sha512))?(?:\.txt)?(?:\.asc|\.gpg)?$/i
/** Signed lists are lists; signatures alone have the same names. */
const SIGNED = /\.(?:asc|gpg)$/i
/** Simple file verification: CRC-32, as programs for Windows write it. */
const SFV = /\.sfv$/i
/** Sums of other files beside them: `rootfs.squashfs.md5`. */
const LIST_EXTENSION = /\.(?:md5|sha1|sha256|sha512)(?:sums?)?$/i

/** Whether a file of this name holds sums of others. A `MANIFEST` may be something else: its lines tell. */
export function isSumListName(name: string): boolean {
  return LIST_NAME.test(name) || LIST_EXTENSION.test(name) || SFV.test(name)
}

/** Whether a file of this name may hold no sums and be none the worse: a signature, or a manifest of another kind. */
export function mayHoldNone(name: string): boolean {
  return SIGNED.test(name) || !(SFV.test(name) || /sum|md5|sha/i.test(name))
}

/** The algorithm that a list's name says, for ordering; null where its lines must tell. */
export function algorithmOfListName(name: string): SumAlgorithm | null {
  const word = /(md5|sha1|sha224|sha256|sha384|sha512)/i.exec(name)?.[1]?.toLowerCase()
  return ALGORITHMS.find((algorithm) => algorithm === word) ?? null
}
