import type { EntryStatus, Extent } from '../../../src-shared/model'
import { recordedIn, type ByteSource, type Place } from './byte-source'
import type { ContentRuns } from './content-runs'

/** Of more pieces than this nobody reads a list: sector by sector through a raw image. */
const EXTENT_LIMIT = 4096

/** How much of what runs lead to is recorded. @param volume what they count in */
export function statusOfRuns(volume: ByteSource, { runs, doubt }: ContentRuns): EntryStatus {
  let present = 0
  let missing = 0
  for (let i = 0; i + 1 < runs.length; i += 2) {
    const start = runs[i] ?? -1
    const length = runs[i + 1] ?? 0
    const inside = start < 0 ? length : recordedIn(volume, start, length)
    // A hole is present, but says nothing about whether anything recorded is.
    present += start < 0 ? 0 : inside
    missing += length - inside
  }
  if (missing === 0) return doubt === undefined ? 'complete' : 'partial'
  return present > 0 ? 'partial' : 'lost'
}

/** Where a run lies as it is; null where it lies in no file, or not in one piece. */
export function wholePlace(volume: ByteSource, start: number, length: number): Place | null {
  const place = start < 0 ? null : volume.locate(start, length)
  return place?.byteLength === length ? place : null
}

/** Where runs lie in the image file; null where they do not lie there as they are. What lies past its end lies nowhere. */
export function extentsOfRuns(volume: ByteSource, runs: ArrayLike<number>): Extent[] | null {
  const extents: Extent[] = []
  for (let i = 0; i + 1 < runs.length; i += 2)
    if (!addExtents(volume, runs[i] ?? -1, runs[i + 1] ?? 0, extents)) return null
  return extents
}

function addExtents(volume: ByteSource, start: number, length: number, into: Extent[]): boolean {
  if (start < 0) {
    into.push({ byteOffset: null, byteLength: length })
    return true
  }
  for (let done = 0; done < length;) {
    if (start + done >= volume.byteLength) return true
    const place = volume.locate(start + done, length - done)
    if (place?.file.role !== 'image') return false
    pushExtent(into, place.byteOffset, place.byteLength)
    done += place.byteLength
    if (into.length > EXTENT_LIMIT) return false
  }
  return true
}

function pushExtent(into: Extent[], byteOffset: number, byteLength: number): void {
  const last = into.at(-1)
  if (last !== undefined && last.byteOffset !== null && last.byteOffset + last.byteLength === byteOffset) {
    last.byteLength += byteLength
  } else {
    into.push({ byteOffset, byteLength })
  }
}
