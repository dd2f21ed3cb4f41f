import type { EntryStatus } from '../../src-shared/model'
import { decodeFlags, STATUS_SHIFT } from './entry-codes'
import type { ViewOutline } from './view-outline'

/** A disc as a map is made of it; everything in bytes of the volume. */
export interface DiscMeasures {
  /** What the volume should measure. */
  byteTotal: number
  /** How much of it is there. */
  byteThere: number
  /** What lies in known places without being a file of the view: boot images and the like. */
  structures: readonly { byteOffset: number; byteLength: number }[]
}

export interface MapBucket {
  kind: 'files' | 'structures' | 'gap' | 'beyond'
  fileBytes: number
  fileCount: number
  damagedCount: number
  largest: { entry: number; byteLength: number; status: EntryStatus; byteOffset: number } | null
}

/**
 * Divides the disc into equal chunks and says what lies in each. One sweep over the files.
 */
export function mapDisc(
  outline: ViewOutline,
  disc: DiscMeasures,
  bucketCount: number,
): { buckets: MapBucket[]; freeBytes: number } {
  const width = Math.max(1, disc.byteTotal) / bucketCount
  const bytes = new Float64Array(bucketCount)
  const counts = new Uint32Array(bucketCount)
  const damaged = new Uint32Array(bucketCount)
  const largest = new Int32Array(bucketCount).fill(-1)
  const largestShare = new Float64Array(bucketCount)
  // Ranges that a file covers from end to end: what begins and ends there, summed up afterwards, so that a hostile
  // disc whose million files all span it takes no longer than another.
  const wholeCount = new Int32Array(bucketCount + 1)
  const wholeDamaged = new Int32Array(bucketCount + 1)
  const unclaimed = Int32Array.from({ length: bucketCount + 1 }, (_, bucket) => bucket)
  const nextUnclaimed = (bucket: number): number => {
    let at = bucket
    while (unclaimed[at] !== at) at = unclaimed[at] = unclaimed[unclaimed[at] ?? 0] ?? bucketCount
    return at
  }
  let firstFile = disc.byteTotal
  const { length, position, byteLength, flags } = outline
  const enter = (bucket: number, entry: number, share: number, isDamaged: boolean): void => {
    bytes[bucket] = (bytes[bucket] ?? 0) + share
    counts[bucket] = (counts[bucket] ?? 0) + 1
    if (isDamaged) damaged[bucket] = (damaged[bucket] ?? 0) + 1
    if (share > (largestShare[bucket] ?? 0)) {
      largestShare[bucket] = share
      largest[bucket] = entry
    }
  }
  for (let entry = 1; entry < length; entry++) {
    const start = position[entry] ?? NaN
    const size = byteLength[entry] ?? 0
    if (!(start >= 0) || size === 0) continue
    if (start < firstFile) firstFile = start
    const isDamaged = (flags[entry] ?? 0) >> STATUS_SHIFT !== 0
    const end = start + size
    const first = Math.min(bucketCount - 1, Math.floor(start / width))
    const last = Math.min(bucketCount - 1, Math.floor((end - 1) / width))
    if (first === last) {
      enter(first, entry, size, isDamaged)
      continue
    }
    enter(first, entry, (first + 1) * width - start, isDamaged)
    enter(last, entry, end - last * width, isDamaged)
    if (last - first < 2) continue
    wholeCount[first + 1] = (wholeCount[first + 1] ?? 0) + 1
    wholeCount[last] = (wholeCount[last] ?? 0) - 1
    if (isDamaged) {
      wholeDamaged[first + 1] = (wholeDamaged[first + 1] ?? 0) + 1
      wholeDamaged[last] = (wholeDamaged[last] ?? 0) - 1
    }
    for (let bucket = nextUnclaimed(first + 1); bucket < last; bucket = nextUnclaimed(bucket)) {
      unclaimed[bucket] = bucket + 1
      largest[bucket] = entry
      largestShare[bucket] = width
    }
  }
  const structures = [{ byteOffset: 0, byteLength: firstFile }, ...disc.structures]
  let used = 0
  let covering = 0
  let coveringDamaged = 0
  const buckets: MapBucket[] = []
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    const start = bucket * width
    covering += wholeCount[bucket] ?? 0
    coveringDamaged += wholeDamaged[bucket] ?? 0
    const own = Math.min(width, (bytes[bucket] ?? 0) + covering * width)
    used += own
    const isStructure = structures.some(
      ({ byteOffset, byteLength: size }) => size > 0 && byteOffset < start + width && byteOffset + size > start,
    )
    const entry = largest[bucket] ?? -1
    buckets.push({
      kind:
        start >= disc.byteThere && disc.byteThere < disc.byteTotal
          ? 'beyond'
          : entry >= 0
            ? 'files'
            : isStructure
              ? 'structures'
              : 'gap',
      fileBytes: Math.round(own),
      fileCount: (counts[bucket] ?? 0) + covering,
      damagedCount: (damaged[bucket] ?? 0) + coveringDamaged,
      largest:
        entry < 0
          ? null
          : {
              entry,
              byteLength: byteLength[entry] ?? 0,
              status: decodeFlags(flags[entry] ?? 0).status,
              byteOffset: position[entry] ?? 0,
            },
    })
  }
  return { buckets, freeBytes: Math.max(0, Math.round(disc.byteTotal - used)) }
}

/** The end of the last file: how long a volume is at least that does not say it. */
export function endOfFiles({ length, position, byteLength }: ViewOutline): number {
  let end = 0
  for (let entry = 1; entry < length; entry++) {
    const last = (position[entry] ?? NaN) + (byteLength[entry] ?? 0)
    if (last > end) end = last
  }
  return end
}
