import type { ByteSource } from './byte-source'
import type { EntryTable } from './entry-table'

export type SumAlgorithm = 'md5' | 'sha1' | 'sha256' | 'sha512'

/** What an entry's bytes must give, by the word of a file in the image. */
export interface ExpectedSum {
  algorithm: SumAlgorithm
  /** Lower-case hexadecimal. */
  hex: string
  /** The path of the file that says so. */
  from: string
}

/** Where distributions keep them: in the root, or beside the live system. */
const SUM_FILES: readonly (readonly [RegExp, SumAlgorithm])[] = [
  [/^(?:casper\/|live\/)?(?:md5sum\.txt|md5sums?(?:\.txt)?)$/i, 'md5'],
  [/^(?:casper\/|live\/)?sha1sums?(?:\.txt)?$/i, 'sha1'],
  [/^(?:casper\/|live\/)?sha256sums?(?:\.txt)?$/i, 'sha256'],
  [/^(?:casper\/|live\/)?sha512sums?(?:\.txt)?$/i, 'sha512'],
]
const HEX_LENGTH: Record<SumAlgorithm, number> = { md5: 32, sha1: 40, sha256: 64, sha512: 128 }
/** A list of a million files; a longer one is not read. */
const LIST_LIMIT = 128 << 20

/** One line of a sum file: `<hex>  ./path`, where `*` before the path means binary. */
export interface SumLine {
  hex: string
  path: string
}

/** Reads `<hex>  ./path` lines; others (comments, signatures, the BSD form of another algorithm) are left out. */
export function parseSumFile(text: string, algorithm: SumAlgorithm): SumLine[] {
  const lines: SumLine[] = []
  for (const line of text.split(/\r?\n/)) {
    const match = /^([0-9a-f]+)[ \t]+\*?(.+)$/i.exec(line)
    const [, hex = '', path = ''] = match ?? []
    if (hex.length === HEX_LENGTH[algorithm]) lines.push({ hex: hex.toLowerCase(), path: cleaned(path) })
  }
  return lines
}

function cleaned(path: string): string {
  return path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .join('/')
}

/** Which file in a view holds sums, and of which kind; null for any other path. */
export function sumAlgorithmOf(path: string): SumAlgorithm | null {
  return SUM_FILES.find(([name]) => name.test(path))?.[1] ?? null
}

/** A file of the image that holds sums of others. */
export interface SumList {
  algorithm: SumAlgorithm
  /** Of the list itself. */
  path: string
  /** `entry` is null where the view has no such file. */
  lines: (SumLine & { entry: number | null })[]
}

/** The lists of sums in a view, the weakest algorithm first. Reads only the lists themselves. */
export async function readSumLists(table: EntryTable): Promise<SumList[]> {
  // Lists lie at the root or one below it; with a table that starts deeper there is nothing to relate them to.
  if (table.pathOf(0) !== '') return []
  const lists = listFiles(table)
  if (lists.length === 0) return []
  const byPath = indexByPath(table)
  const found: SumList[] = []
  for (const { index, path, algorithm } of lists) {
    const text = await readEntryText(table, index)
    const base = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : ''
    const lines = parseSumFile(text, algorithm).map((line) => ({
      ...line,
      entry: byPath.get(line.path) ?? byPath.get(base + line.path) ?? null,
    }))
    found.push({ algorithm, path, lines })
  }
  return found
}

/** The sums that the image carries for entries of this table, by entry number. The strongest wins where there are several. */
export async function findSums(table: EntryTable): Promise<Map<number, ExpectedSum>> {
  const sums = new Map<number, ExpectedSum>()
  for (const { algorithm, path, lines } of await readSumLists(table))
    for (const { entry, hex } of lines) if (entry !== null) sums.set(entry, { algorithm, hex, from: path })
  return sums
}

/** All of a file as UTF-8. For files known to be short. */
export async function readEntryText(table: EntryTable, index: number): Promise<string> {
  const content = table.content(index)
  if (!content) return ''
  try {
    return await readText(content)
  } finally {
    await content.close()
  }
}

function listFiles(table: EntryTable): { index: number; path: string; algorithm: SumAlgorithm }[] {
  const found: { index: number; path: string; algorithm: SumAlgorithm }[] = []
  const look = (directory: number): void => {
    const first = table.firstChildOf(directory)
    for (let i = first; i < first + table.childCountOf(directory); i++) {
      const kind = table.kindOf(i)
      if (kind === 'directory' && directory === 0 && /^(?:casper|live)$/i.test(table.nameOf(i))) look(i)
      if (kind !== 'file' || table.statusOf(i) !== 'complete' || table.byteLengthOf(i) > LIST_LIMIT) continue
      const path = table.pathOf(i)
      const algorithm = sumAlgorithmOf(path)
      if (algorithm) found.push({ index: i, path, algorithm })
    }
  }
  look(0)
  // Weakest first, so that stronger ones replace them.
  return found.sort((a, b) => HEX_LENGTH[a.algorithm] - HEX_LENGTH[b.algorithm])
}

function indexByPath(table: EntryTable): Map<string, number> {
  const index = new Map<string, number>()
  for (let i = 1; i < table.length; i++) if (table.kindOf(i) === 'file') index.set(table.pathOf(i), i)
  return index
}

async function readText(content: ByteSource): Promise<string> {
  const pieces: Uint8Array[] = []
  for (let at = 0; at < content.byteLength;) {
    const bytes = await content.read(at, Math.min(1 << 20, content.byteLength - at))
    if (bytes.byteLength === 0) break
    pieces.push(bytes)
    at += bytes.byteLength
  }
  return new TextDecoder().decode(Buffer.concat(pieces))
}
