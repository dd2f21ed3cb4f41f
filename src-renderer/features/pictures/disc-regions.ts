import type { DiscBucket } from '../../../src-shared/contract'

/** Neighbouring stretches of a disc that are the same thing to a person. */
export interface DiscRegion {
  /** Buckets `[from, to)`. */
  from: number
  to: number
  /** `damaged`: files of which something is missing. */
  kind: DiscBucket['kind'] | 'damaged'
  fileBytes: number
  /** In the fullest of the buckets: a file in two of them must not be counted twice. */
  fileCount: number
  largest: DiscBucket['largest']
}

/** Joins neighbours that are of one kind and, where files lie, show the same one. */
export function regionsOf(buckets: readonly DiscBucket[]): DiscRegion[] {
  const regions: DiscRegion[] = []
  for (const [index, bucket] of buckets.entries()) {
    const kind = bucket.kind === 'files' && bucket.damagedCount > 0 ? 'damaged' : bucket.kind
    const { fileBytes, fileCount, largest } = bucket
    const last = regions.at(-1)
    if (last?.kind === kind && last.largest?.entry === largest?.entry) {
      last.to = index + 1
      last.fileBytes += fileBytes
      last.fileCount = Math.max(last.fileCount, fileCount)
    } else regions.push({ from: index, to: index + 1, kind, fileBytes, fileCount, largest })
  }
  return regions
}

/** The region that a bucket is in; −1 for none. */
export function regionAt(regions: readonly DiscRegion[], bucket: number): number {
  return regions.findIndex(({ from, to }) => bucket >= from && bucket < to)
}
