import { readOrNull } from '../disk/read-table'
import { SECTOR, type CheckedExtent } from './grain-tables'

/** Markers that are read as a disk is opened. */
const MARKER_LIMIT = 4096
const MARKER_LENGTH = 12

interface Marker {
  /** The grain's number on the disk; −1 for what is none. */
  grain: number
  /** The first sector behind it. */
  end: number
}

/**
 * Looks for grains of a stream that its tables do not lead to. One lies behind the other, each with its number: a hole in
 * the table that is none in the file is an entry that is lost.
 * @param entries in sectors of the file, by grain
 */
export async function findLostGrains(checked: CheckedExtent, entries: Uint32Array): Promise<void> {
  const { extent, name, log, doubts, diskOffset } = checked
  const { grainLength } = extent
  const places = new Set(entries)
  const lost = new Set<number>()
  let left = MARKER_LIMIT
  let firstAt = -1
  /** From a sector behind a grain on: grains to which nothing leads. */
  const follow = async (sector: number): Promise<void> => {
    for (let at = sector; !places.has(at) && left > 0; left--) {
      const marker = await markerAt(checked, at)
      if (marker === null || entries[marker.grain] !== 0 || lost.has(marker.grain)) return
      lost.add(marker.grain)
      if (firstAt < 0) firstAt = at
      at = marker.end
    }
  }
  if (entries[0] === 0) await follow(extent.dataOffset / SECTOR)
  for (let grain = 0; grain < entries.length && left > 0; grain++) {
    const place = entries[grain] ?? 0
    const isBeforeHole = place > 0 && (entries[grain + 1] ?? 0) === 0
    if (!isBeforeHole) continue
    left--
    const marker = await markerAt(checked, place)
    if (marker?.grain === grain) await follow(marker.end)
  }
  if (lost.size === 0) return
  log.damage(
    'DISK_BLOCK_LOST',
    `The tables of “${name}” are damaged: ${lost.size === 1 ? 'a grain' : `${lost.size} grains`} of the file are none of the disk’s. What was written there reads as if it never was.`,
    firstAt * SECTOR,
  )
  const problem = `The tables of “${name}” do not lead to this grain, though it is there.`
  const isAll = left > 0
  for (let grain = 0; grain < entries.length; grain++) {
    if (isAll ? !lost.has(grain) : entries[grain] !== 0) continue
    const from = diskOffset + grain * grainLength
    doubts.add(from, from + grainLength, problem)
  }
}

/** “Stream-Optimized Compressed Sparse Extents”: the first sector of the disk, and the length. Null where no grain lies there. */
async function markerAt({ file, extent }: CheckedExtent, sector: number): Promise<Marker | null> {
  const { grainLength, byteLength } = extent
  const bytes = await readOrNull(file, sector * SECTOR, MARKER_LENGTH)
  if (bytes === null) return null
  const at = Number(bytes.readBigUInt64LE(0)) * SECTOR
  const packedLength = bytes.readUInt32LE(8)
  if (packedLength === 0 || packedLength > grainLength * 2 || at >= byteLength || at % grainLength !== 0) return null
  return { grain: at / grainLength, end: sector + Math.ceil((MARKER_LENGTH + packedLength) / SECTOR) }
}
