import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { Doubts } from '../disk/doubts'
import type { Range } from '../disk/places'
import { readOrNull, readTable } from '../disk/read-table'
import type { SparseExtent } from './sparse-header'

export const SECTOR = 512

export interface CheckedExtent {
  file: ByteSource
  /** Of the file, for sentences. */
  name: string
  extent: SparseExtent
  log: DiagnosticLog
  doubts: Doubts
  /** Where the extent begins on the disk, in bytes. */
  diskOffset: number
  isBased: boolean
}

/** A directory and its tables, all of them. */
export interface GrainTables {
  /** In sectors of the file, by grain; {@link UNREAD} of those whose table cannot be where the directory says. */
  entries: Uint32Array
  /** Where the tables lie, in sectors of the file; 0 for none. */
  tableSectors: Uint32Array
}

/** No grain can begin in a disk's last possible sector. */
export const UNREAD = 0xffffffff

/** Null where the directory cannot be read. */
export async function readGrainTables(
  file: ByteSource,
  { byteLength, grainLength, entriesPerTable }: SparseExtent,
  directoryOffset: number,
): Promise<GrainTables | null> {
  const count = Math.ceil(byteLength / grainLength)
  const entries = new Uint32Array(count)
  const tableSectors = new Uint32Array(Math.ceil(count / entriesPerTable))
  const isRead = await readTable(file, directoryOffset, tableSectors.length * 4, (bytes, done) => {
    for (let at = 0; at < bytes.byteLength; at += 4) tableSectors[(done + at) / 4] = bytes.readUInt32LE(at)
  })
  if (!isRead) return null
  for (const run of runsOf(tableSectors, entriesPerTable)) {
    const first = run.from * entriesPerTable
    const last = Math.min(run.to * entriesPerTable, count)
    const at = (tableSectors[run.from] ?? 0) * SECTOR
    if (at === 0) continue
    const bytes = at < file.byteLength ? await readOrNull(file, at, (last - first) * 4) : null
    if (bytes === null) entries.fill(UNREAD, first, last)
    else for (let entry = first; entry < last; entry++) entries[entry] = bytes.readUInt32LE((entry - first) * 4)
  }
  return { entries, tableSectors }
}

/** Tables that lie one behind the other are read at once; no more than some megabytes of them. */
function runsOf(tableSectors: Uint32Array, entriesPerTable: number): Range[] {
  const runs: Range[] = []
  const length = (entriesPerTable * 4) / SECTOR
  for (const [table, sector] of tableSectors.entries()) {
    const run = runs.at(-1)
    const follows = run !== undefined && sector > 0 && tableSectors[run.from] === sector - (table - run.from) * length
    if (follows && (table - run.from) * entriesPerTable < 1 << 20) run.to = table + 1
    else runs.push({ from: table, to: table + 1 })
  }
  return runs
}

/** What a sparse extent has for itself, in sectors of the file, in order. */
export function structuresOf(extent: SparseExtent, all: readonly GrainTables[]): Range[] {
  const { descriptorOffset, descriptorLength, directoryOffset, copyOffset, entriesPerTable } = extent
  const range = (byteOffset: number, byteLength: number): Range => ({
    from: Math.floor(byteOffset / SECTOR),
    to: Math.ceil((byteOffset + byteLength) / SECTOR),
  })
  const ranges = [range(0, SECTOR), range(descriptorOffset, descriptorLength)]
  const [first] = all
  const directoryLength = (first?.tableSectors.length ?? 0) * 4
  ranges.push(range(directoryOffset, directoryLength))
  if (copyOffset > 0) ranges.push(range(copyOffset, directoryLength))
  for (const { tableSectors } of all)
    for (const sector of tableSectors) if (sector > 0) ranges.push(range(sector * SECTOR, entriesPerTable * 4))
  const joined: Range[] = []
  for (const each of ranges.filter(({ from, to }) => to > from).sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (last !== undefined && each.from <= last.to) last.to = Math.max(last.to, each.to)
    else joined.push(each)
  }
  return joined
}
