/** An entry that leads nowhere. */
export const NO_PLACE = 0xffffffff

export interface Range {
  from: number
  /** Exclusive. */
  to: number
}

/** Where the entries of a table lead to in the file, all of it in units: sectors, blocks, megabytes. */
export interface Places {
  /** By entry; {@link NO_PLACE} for one that leads nowhere. */
  places: Uint32Array
  /** Of what lies at a place. */
  length: number
  /** What the file has for itself: headers, tables. */
  structures: readonly Range[]
  /** Of the file. */
  end: number
}

/** Some of the file that no entry leads to, though it is long enough for what one would. */
export interface Gap extends Range {
  /** The entries one of which may have led there: first and last, exclusive. */
  entries: Range
  /** It lies between the places of the entries around those: the file's order is that of the table. */
  isFitting: boolean
}

/** The entries that lead to where another one does, or to what the file has for itself: not all of them can be right. */
export function contestedEntries({ places, length, structures }: Places): Uint32Array {
  const sorted = sortedPlaces(places)
  const bad = new Uint8Array(sorted.length)
  let count = 0
  const mark = (index: number): void => {
    bad[index] = 1
    count++
  }
  for (let index = 1; index < sorted.length; index++)
    if ((sorted[index] ?? 0) - (sorted[index - 1] ?? 0) < length) {
      mark(index - 1)
      mark(index)
    }
  for (const { from, to } of structures)
    for (let index = firstFrom(sorted, from - length + 1); index < sorted.length && (sorted[index] ?? to) < to; index++)
      mark(index)
  if (count === 0) return new Uint32Array(0)
  const contested: number[] = []
  for (let entry = 0; entry < places.length; entry++) {
    const place = places[entry] ?? NO_PLACE
    if (place !== NO_PLACE && bad[firstFrom(sorted, place)] === 1) contested.push(entry)
  }
  return Uint32Array.from(contested)
}

/**
 * What lies between the first place of a file and its end, and has no entry. A writer puts one block behind the other: an
 * entry that led there is lost.
 * @param contested as {@link contestedEntries} has found them: each may have led to such a place, and is doubted already
 */
export function gapsIn(all: Places, start: number, contested: Uint32Array): Gap[] {
  const { places, end, length } = all
  const doubted = new Set(contested)
  const isSure = (entry: number): boolean => {
    const place = places[entry] ?? NO_PLACE
    return place !== NO_PLACE && place + length <= end && !doubted.has(entry)
  }
  return gapsInOrder(all, start, isSure) ?? gapsAnywhere(all, start, isSure, doubted.size)
}

/** Null where the file's order is not that of the table. */
function gapsInOrder(all: Places, start: number, isSure: (entry: number) => boolean): Gap[] | null {
  const { places, length, end } = all
  const gaps: Gap[] = []
  let at = start
  // The entries behind the last one that is sure: whether any leads nowhere, and whether all do.
  let first = 0
  let isDoubted = false
  const close = (to: number, last: number): void => {
    if (!isDoubted && last > first) gaps.push(...piecesOf(at, to, all, { from: first, to: last }, true))
  }
  for (let entry = 0; entry < places.length; entry++) {
    if (!isSure(entry)) {
      isDoubted ||= places[entry] !== NO_PLACE
      continue
    }
    const place = places[entry] ?? 0
    if (place < at && place >= start) return null
    close(place, entry)
    at = Math.max(at, place + length)
    first = entry + 1
    isDoubted = false
  }
  close(end, places.length)
  return gaps
}

function gapsAnywhere(all: Places, start: number, isSure: (entry: number) => boolean, doubtedCount: number): Gap[] {
  const { places, length, end } = all
  const sorted = sortedPlaces(places.filter((_, entry) => isSure(entry)))
  const entries = { from: 0, to: places.length }
  const gaps: Gap[] = []
  let at = start
  for (const place of sorted) {
    gaps.push(...piecesOf(at, place, all, entries, false))
    at = Math.max(at, place + length)
  }
  gaps.push(...piecesOf(at, end, all, entries, false))
  // As many blocks as there are entries that lead elsewhere by mistake.
  const blocks = gaps.reduce((sum, { from, to }) => sum + Math.floor((to - from) / length), 0)
  return blocks <= doubtedCount ? [] : gaps
}

/** What of a range is none of the file's own, in pieces that have room for a block. */
function piecesOf(from: number, to: number, { structures, length }: Places, entries: Range, isFitting: boolean): Gap[] {
  const pieces: Gap[] = []
  let at = from
  const add = (end: number): void => {
    if (end - at >= length) pieces.push({ from: at, to: end, entries, isFitting })
  }
  for (const own of structures) {
    if (own.to <= at || own.from >= to) continue
    add(own.from)
    at = Math.max(at, own.to)
  }
  add(to)
  return pieces
}

function sortedPlaces(places: Uint32Array): Uint32Array {
  const used = places.filter((place) => place !== NO_PLACE)
  for (let index = 1; index < used.length; index++) if ((used[index] ?? 0) < (used[index - 1] ?? 0)) return used.sort()
  return used
}

/** The first of sorted numbers that is not below another. */
function firstFrom(sorted: Uint32Array, least: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < least) low = middle + 1
    else high = middle
  }
  return low
}
