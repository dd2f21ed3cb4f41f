import type { EntryTable } from '../../core/entry-table'
import { readEntryBytes } from '../entry-text'
import type { PathIndex } from '../path-index'
import { HEX_LENGTH, type SumAlgorithm, type SumLine, type SumList } from '../sum-lines'
import { unpackWhole } from '../unpack-whole'

/** Repositories that are read in one image. */
export const REPOSITORIES_LIMIT = 64
/** A list of packages: Debian's largest has some 60 MB. Packed and unpacked, in bytes. */
const PACKED_LIMIT = 64 << 20
const TEXT_LIMIT = 256 << 20

/** The entries that are files of such a path, in the order of the tree. */
export function filesAt(table: EntryTable, name: RegExp, path: RegExp): number[] {
  const found: number[] = []
  for (let index = 1; index < table.length && found.length < REPOSITORIES_LIMIT; index++)
    if (table.kindOf(index) === 'file' && name.test(table.nameOf(index)) && path.test(table.pathOf(index)))
      found.push(index)
  return found
}

/** A file of the view as text, unpacked where it is packed; empty where that cannot be done. */
export async function textAt(table: EntryTable, index: number): Promise<string> {
  if (table.byteLengthOf(index) > PACKED_LIMIT) return ''
  const bytes = await unpackWhole(await readEntryBytes(table, index), TEXT_LIMIT)
  return bytes === null ? '' : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

/** The lines of a list that name what the view has. @param base what their paths are relative to, with a slash or empty */
export function listOf(path: string, lines: readonly SumLine[], base: string, paths: PathIndex): SumList {
  const found: SumList['lines'] = []
  for (const line of lines) {
    const entry = paths.find(base + line.path)
    if (entry !== null && paths.table.kindOf(entry) === 'file')
      found.push({ ...line, path: paths.table.pathOf(entry), entry })
  }
  return { path, lines: found, notUnderstood: { count: 0, first: '' } }
}

/** A line, where the sum is one. */
export function lineOf(algorithm: SumAlgorithm, hex: string, path: string): SumLine[] {
  const isSum = hex.length === HEX_LENGTH[algorithm] && /^[0-9a-f]+$/i.test(hex)
  return isSum && path !== '' ? [{ algorithm, hex: hex.toLowerCase(), path }] : []
}
