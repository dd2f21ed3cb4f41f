import type { ByteSource } from '../../core/byte-source'
import { checkPlaces } from '../disk/check-blocks'
import { NO_PLACE, type Range } from '../disk/places'
import { readGrainTables, SECTOR, structuresOf, UNREAD, type CheckedExtent, type GrainTables } from './grain-tables'
import { findLostGrains } from './lost-grains'
import type { SparseExtent } from './sparse-header'

/**
 * Compares the tables of grains with their copies, and with one another: where the two differ, the one that can be right is
 * taken, and where both can, or neither, the grain is doubtful.
 * @returns the entries as they are to be read; null: as they stand
 */
export async function checkGrains(checked: CheckedExtent): Promise<Uint32Array | null> {
  const { file, name, extent, log, doubts, diskOffset } = checked
  const tables = await readGrainTables(file, extent, extent.directoryOffset)
  if (tables === null) return null
  const copies = extent.copyOffset > 0 ? await readGrainTables(file, extent, extent.copyOffset) : null
  const structures = structuresOf(extent, copies === null ? [tables] : [tables, copies])
  const chosen = copies === null ? null : chooseEntries(checked, tables, copies, structures)
  const entries = chosen ?? tables.entries
  checkPlaces({
    name,
    log,
    doubts,
    places: entries.map((entry) => (isPlace(entry, extent) ? entry : NO_PLACE)),
    // Packed grains are of any length.
    length: extent.isCompressed ? 1 : extent.grainLength / SECTOR,
    structures,
    end: Math.ceil(file.byteLength / SECTOR),
    entryOffset: (entry) => entryOffset(extent, tables, entry),
    blockLength: extent.grainLength,
    diskOffset,
  })
  if (extent.isCompressed && extent.hasMarkers) await findLostGrains(checked, entries)
  return chosen
}

function isPlace(entry: number, { hasZeroGrains }: SparseExtent): boolean {
  return entry > (hasZeroGrains ? 1 : 0) && entry !== UNREAD
}

/** In bytes of the file; that of the directory's entry where it leads to no table. */
function entryOffset(extent: SparseExtent, { tableSectors }: GrainTables, entry: number): number {
  const table = Math.floor(entry / extent.entriesPerTable)
  const sector = tableSectors[table] ?? 0
  if (sector === 0) return extent.directoryOffset + table * 4
  return sector * SECTOR + (entry % extent.entriesPerTable) * 4
}

/** Null where the tables are to be read as they stand. */
function chooseEntries(
  { file, name, extent, log, doubts, diskOffset, isBased }: CheckedExtent,
  tables: GrainTables,
  copies: GrainTables,
  structures: readonly Range[],
): Uint32Array | null {
  const [own, other] = [tables.entries, copies.entries]
  const differing: number[] = []
  let written = 0
  for (let entry = 0; entry < own.length; entry++) {
    if (own[entry] !== 0) written++
    if (own[entry] !== other[entry]) differing.push(entry)
  }
  const [first] = differing
  if (first === undefined) return null
  if (written > 1 && other.every((entry) => entry === 0)) {
    // A writer that says that it keeps copies, and keeps none.
    log.note('DISK_COPY_BLANK', `The copies that “${name}” has of its tables are empty.`)
    return null
  }
  const isFree = freePlaces(file, extent, own, other, structures)
  const chosen = own.slice()
  let taken = 0
  let doubtful = 0
  for (const entry of differing) {
    const [here, there] = [own[entry] ?? 0, other[entry] ?? 0]
    const choice = chooseEntry(here, there, isFree, extent, isBased)
    if (choice === null) {
      doubtful++
      const from = diskOffset + entry * extent.grainLength
      doubts.add(from, from + extent.grainLength, `The tables of “${name}” and their copies differ: one is wrong.`)
    } else {
      taken += choice === here ? 0 : 1
      chosen[entry] = choice
    }
  }
  const at = entryOffset(extent, tables, first)
  if (doubtful > 0)
    log.damage(
      'DISK_TABLES_DIFFER',
      `The tables of “${name}” and their copies differ in ${doubtful === 1 ? 'an entry' : `${doubtful} entries`}, and nobody knows which are right.`,
      at,
    )
  if (differing.length > doubtful)
    log.recovered(
      'DISK_TABLE_RECOVERED',
      `The tables of “${name}” and their copies differ: ${taken === 0 ? 'copies' : 'tables'} are damaged. What is right was taken of both.`,
      at,
    )
  return taken > 0 ? chosen : null
}

/** Null where both can be right, or neither. */
function chooseEntry(
  here: number,
  there: number,
  isFree: (entry: number) => boolean,
  extent: SparseExtent,
  isBased: boolean,
): number | null {
  const [isHere, isThere] = [here, there].map((entry) => isPlace(entry, extent) && isFree(entry))
  if (isHere !== isThere) {
    // A grain that zeros were written over, in one of the two alone, looks like this as well.
    const other = isHere === true ? there : here
    return other === 1 && extent.hasZeroGrains ? null : isHere === true ? here : there
  }
  if (isHere === true) return null
  const [isBlankHere, isBlankThere] = [here, there].map((entry) => !isPlace(entry, extent) && entry !== UNREAD)
  if (isBlankHere === true && isBlankThere === true) return isBased ? null : here
  return isBlankHere === true ? here : isBlankThere === true ? there : null
}

/** Whether a grain may lie at a place: within the file, where neither its own tables nor those that both agree on lie. */
function freePlaces(
  file: ByteSource,
  extent: SparseExtent,
  own: Uint32Array,
  other: Uint32Array,
  structures: readonly Range[],
): (entry: number) => boolean {
  const length = extent.isCompressed ? 1 : extent.grainLength / SECTOR
  const end = Math.ceil(file.byteLength / SECTOR)
  const agreed = own.filter((entry, index) => entry === other[index] && isPlace(entry, extent)).sort()
  const residue = (agreed[0] ?? 0) % length
  const isAligned = agreed.every((entry) => entry % length === residue)
  return (entry) => {
    if (entry >= end || (agreed.length > 0 && isAligned && entry % length !== residue)) return false
    if (structures.some(({ from, to }) => entry < to && entry + length > from)) return false
    let low = 0
    let high = agreed.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((agreed[middle] ?? 0) > entry - length) high = middle
      else low = middle + 1
    }
    return !((agreed[low] ?? Infinity) < entry + length)
  }
}
