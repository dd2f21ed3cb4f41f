import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { TableFault, TellFault } from '../table-faults'
import type { Partition } from '../volume-map'

const MARK = 'PM'
/** Of the driver descriptor map in block 0 (Inside Macintosh: Devices, 3-23). */
const DRIVER_MARK = 'ER'
const BLOCK_SIZES = [512, 1024, 2048, 4096]
const ENTRY_LIMIT = 256
/** Of `pmParType`, in an entry. */
const TYPE_AT = 48
const MAP_TYPE = 'Apple_partition_map'
/** Which blocks a disc of Apple’s keeps another map in, of entries for blocks of 2048 bytes. */
const OTHER_BLOCK = 2048
/** Types with file systems that are read. */
const WITH_FILE_SYSTEM = new Set(['Apple_HFS', 'Apple_HFSX'])

interface MapEntry {
  number: number
  /** How many entries the map has: every one of them says it. */
  count: number
  start: number
  length: number
  name: string
  type: string
}

/**
 * Where the first entry is found: in block 1. Block 0 says the size as well, and may lie, as isolyzer's
 * iso9660_hfs_part_wrongblksize.iso shows. Where the first entry is lost, the next ones tell: of small blocks they stand
 * where the first of larger ones would, and are no map's own.
 */
export function mapBlockSize(head: ByteReader): number | undefined {
  const first = BLOCK_SIZES.filter((size) => head.matches(size, MARK))
  const own = first.find((size) => head.matches(size + TYPE_AT, MAP_TYPE))
  if (own !== undefined || !head.matches(0, DRIVER_MARK)) return own ?? first[0]
  const named = BLOCK_SIZES.find((size) => size === head.u16Be(2) && [2, 3].some((n) => head.matches(n * size, MARK)))
  return named ?? first[0]
}

/** Inside Macintosh: Devices, 3-25. Entries of one block each, the first in block 1. */
export async function readApplePartitionMap(
  source: ByteSource,
  start: ByteReader,
  tell: TellFault,
): Promise<Partition[]> {
  const blockSize = mapBlockSize(start)
  if (blockSize === undefined) return []
  const map = new ByteReader(await source.read(0, (ENTRY_LIMIT + 1) * blockSize))
  const all = readEntries(map, blockSize)
  const entries = withoutOtherMap(all, blockSize)
  const count = agreedCount(entries)
  const present = new Set(all.map(({ number }) => number))
  for (let number = 1; number <= count; number++)
    if (!present.has(number)) tell(lostEntry(number, count, number * blockSize, entries))
  const odd = entries.find((entry) => entry.number <= count && entry.count !== count)
  if (odd !== undefined) tell(oddCount(odd, count, blockSize))
  return entries
    .filter(({ number, type }) => number <= count && type !== MAP_TYPE && type !== 'Apple_Free')
    .map(({ number, type, name, start: first, length }) => ({
      ...{ scheme: 'apm', number, type, name },
      ...{ byteOffset: first * blockSize, byteLength: length * blockSize },
      holdsFileSystem: WITH_FILE_SYSTEM.has(type) ? 'always' : undefined,
    }))
}

/** Every block with an entry's mark, as far as any entry says that there are some; and one more, for a count that is too small. */
function readEntries(map: ByteReader, blockSize: number): MapEntry[] {
  const entries: MapEntry[] = []
  for (let number = 1, limit = 3; number <= limit; number++) {
    const at = number * blockSize
    if (!map.has(at, 80) || !map.matches(at, MARK)) continue
    const count = Math.min(map.u32Be(at + 4), ENTRY_LIMIT)
    // What one entry alone says of hundreds of others is seen from the others.
    limit = Math.max(limit, Math.min(count, number + 64), number + 1)
    entries.push({
      ...{ number, count, start: map.u32Be(at + 8), length: map.u32Be(at + 12) },
      ...{ name: map.text(at + 16, 32), type: map.text(at + TYPE_AT, 32) },
    })
  }
  return entries
}

/** Discs of Apple's have two maps in one: of blocks of 512 bytes, and in every fourth of those, of 2048. */
function withoutOtherMap(entries: readonly MapEntry[], blockSize: number): MapEntry[] {
  const ratio = OTHER_BLOCK / blockSize
  if (ratio <= 1) return [...entries]
  const isOfOther = (entry: MapEntry): boolean =>
    entry.number % ratio === 0 &&
    entries.some(
      ({ number, type, start }) => number % ratio !== 0 && type === entry.type && start === entry.start * ratio,
    )
  return entries.filter((entry) => !isOfOther(entry))
}

/** What most entries say; of two that as many say, what is there. */
function agreedCount(entries: readonly MapEntry[]): number {
  const votes = new Map<number, number>()
  for (const { count } of entries) votes.set(count, (votes.get(count) ?? 0) + 1)
  const most = Math.max(...votes.values())
  const agreed = [...votes.keys()].filter((count) => votes.get(count) === most)
  return agreed.find((count) => count === entries.length) ?? agreed[0] ?? 0
}

function lostEntry(number: number, count: number, byteOffset: number, others: readonly MapEntry[]): TableFault {
  // The map names itself, first of all: that entry costs nothing.
  const isOfMap = number === 1 && !others.some(({ type }) => type === MAP_TYPE)
  const message = isOfMap
    ? 'The first entry of the Apple partition map is damaged; the others are used.'
    : `Entry ${number} of the ${count} of the Apple partition map is damaged: what it named is lost.`
  const cost = isOfMap ? 'mended' : 'lost'
  return { cost, isProven: false, code: 'PARTITION_TABLE_DAMAGED', message, byteOffset }
}

function oddCount({ number, count: said }: MapEntry, count: number, blockSize: number): TableFault {
  const message = `The entries of the Apple partition map do not agree on how many they are: entry ${number} says ${said}, most say ${count}.`
  const byteOffset = number * blockSize
  return { cost: 'mended', isProven: false, code: 'PARTITION_TABLE_DAMAGED', message, byteOffset }
}
