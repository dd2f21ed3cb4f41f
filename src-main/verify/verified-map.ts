import type { DiscImage } from '../image/core/disc-image'
import { ByteMap, type ByteRange, type ByteState } from '../image/core/byte-map'
import type { EntryTable } from '../image/core/entry-table'
import { lengthOf } from './expectation'
import type { Finding } from './finding'
import type { Verified } from './verify'

const SECTOR = 2048
/** Paths that are named for one range; what is damaged throughout has others enough. */
const PATHS_LIMIT = 100

/** Bytes that are not as they were recorded, or may not be, and whose they are. */
export interface DamagedRange extends ByteRange {
  paths: string[]
}

/** The map of an image's bytes that its checks make: of its blocks, up to where they should reach. */
export function mapOf({ findings, unread }: Verified, image: DiscImage): ByteMap {
  const { byteLength } = image.blocks
  const { missingByteLength } = image.info.completeness
  const ends = findings.filter(({ isMissing }) => isMissing === true).map(({ ranges }) => endOf(ranges))
  const map = new ByteMap(ends.reduce((end, other) => Math.max(end, other), byteLength + missingByteLength))
  const mark = (byteOffset: number, length: number, state: ByteState, by: string, span = length): void => {
    map.mark({ byteOffset, byteLength: length, state, by }, span)
  }
  if (missingByteLength > 0) mark(byteLength, missingByteLength, 'missing', 'length')
  for (const { byteOffset, byteLength: length } of unread) mark(byteOffset, length, 'unread', 'the disk')
  for (const { severity, code, byteOffset } of image.diagnostics)
    if (severity === 'damage' && byteOffset !== undefined) mark(byteOffset - (byteOffset % SECTOR), SECTOR, 'bad', code)
  for (const finding of findings) {
    const state = stateOf(finding)
    const span = lengthOf(finding.ranges)
    for (let index = 0; state !== null && index + 1 < finding.ranges.length; index += 2)
      mark(finding.ranges[index] ?? 0, finding.ranges[index + 1] ?? 0, state, finding.check.kind, span)
  }
  return map
}

function endOf(ranges: ArrayLike<number>): number {
  return (ranges[ranges.length - 2] ?? 0) + (ranges[ranges.length - 1] ?? 0)
}

function stateOf({ check, isMissing }: Finding): ByteState | null {
  if (isMissing === true) return 'missing'
  if (check.verdict === 'passed') return 'proven'
  if (check.verdict === 'unreadable') return null
  // The sum of a sector or of a packed block speaks of that alone.
  return ['edc', 'dvdisaster', 'container'].includes(check.kind) ? 'bad' : 'suspect'
}

/** What of a map is neither proven nor present, with the files that reach into it. */
export function damageIn(map: ByteMap, table: EntryTable): DamagedRange[] {
  const ranges = map.ranges().filter(({ state }) => state !== 'proven' && state !== 'present')
  if (ranges.length === 0) return []
  const damaged = ranges.map((range): DamagedRange => ({ ...range, paths: [] }))
  for (let entry = 1; entry < table.length; entry++) {
    if (table.kindOf(entry) !== 'file') continue
    const runs = table.storedRunsOf(entry)
    const hit = new Set<number>()
    for (let index = 0; index + 1 < runs.length; index += 2) {
      const start = runs[index] ?? -1
      const end = start + (runs[index + 1] ?? 0)
      if (start < 0 || end === start) continue
      for (let at = firstReaching(ranges, start); (ranges[at]?.byteOffset ?? Infinity) < end; at++) hit.add(at)
    }
    for (const at of hit) {
      const paths = damaged[at]?.paths
      if (paths !== undefined && paths.length < PATHS_LIMIT) paths.push(table.pathOf(entry))
    }
  }
  return damaged
}

/** The first of sorted ranges that ends behind `place`. */
function firstReaching(ranges: readonly ByteRange[], place: number): number {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >> 1
    const range = ranges[middle]
    if (range !== undefined && range.byteOffset + range.byteLength <= place) low = middle + 1
    else high = middle
  }
  return low
}
