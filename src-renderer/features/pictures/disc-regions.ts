import { CELL_STATES, type DiscBucket } from '../../../src-shared/contract'

/** Neighbouring cells of a disc that are the same thing to a person. */
export interface DiscRegion {
  /** Buckets `[from, to)`. */
  from: number
  to: number
  /** `damaged`: of files something is missing, or a check says so of the bytes; `suspect`: a sum over more fails. */
  kind: DiscBucket['kind'] | 'damaged' | 'suspect'
  /** It is a check that says so. */
  isChecked: boolean
  fileBytes: number
  /** In the fullest of the buckets: a file in two of them must not be counted twice. */
  fileCount: number
  largest: DiscBucket['largest']
}

/** What a check has found of an image’s bytes, in equal cells of its length; see `TrustReport.cells`. */
export interface CheckedBytes {
  cells: string
  byteLength: number
  /** What the disc measures that is drawn, in bytes. */
  byteTotal: number
}

/** What a check says against a bucket; null for nothing. */
function doubtIn(
  { cells, byteLength, byteTotal }: CheckedBytes,
  bucket: number,
  count: number,
): 'damaged' | 'suspect' | null {
  const scale = (byteTotal / count) * (cells.length / Math.max(1, byteLength))
  const found = cells.slice(
    Math.floor(bucket * scale),
    Math.max(Math.floor(bucket * scale) + 1, Math.ceil((bucket + 1) * scale)),
  )
  if (found.includes(CELL_STATES.bad) || found.includes(CELL_STATES.unread)) return 'damaged'
  return found.includes(CELL_STATES.suspect) ? 'suspect' : null
}

/** Joins neighbours that are of one kind and, where files lie, show the same one. */
export function regionsOf(buckets: readonly DiscBucket[], checked: CheckedBytes | null = null): DiscRegion[] {
  const regions: DiscRegion[] = []
  for (const [index, bucket] of buckets.entries()) {
    const doubt = bucket.kind === 'beyond' || checked === null ? null : doubtIn(checked, index, buckets.length)
    const isMissing = bucket.kind === 'files' && bucket.damagedCount > 0
    const kind = isMissing ? 'damaged' : (doubt ?? bucket.kind)
    const isChecked = !isMissing && doubt !== null
    const { fileBytes, fileCount, largest } = bucket
    const last = regions.at(-1)
    if (last?.kind === kind && last.largest?.entry === largest?.entry) {
      last.to = index + 1
      last.fileBytes += fileBytes
      last.fileCount = Math.max(last.fileCount, fileCount)
    } else regions.push({ from: index, to: index + 1, kind, isChecked, fileBytes, fileCount, largest })
  }
  return regions
}

/** The region that a bucket is in; −1 for none. */
export function regionAt(regions: readonly DiscRegion[], bucket: number): number {
  return regions.findIndex(({ from, to }) => bucket >= from && bucket < to)
}
