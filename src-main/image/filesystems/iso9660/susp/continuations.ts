import { isAllZero } from '../../../core/byte-reader'
import type { ByteSource } from '../../../core/byte-source'
import type { WindowReader } from '../../../core/sources/window-reader'
import type { RockRidgeRecord } from '../rock-ridge/rock-ridge-record'
import { ContinuationAreas } from './continuation-areas'

const SECTOR = 2048
const AREA_LIMIT = 16 * SECTOR
/** Linux follows no more either. */
const CHAIN_LIMIT = 31

/** Follows the CE fields of a record (SUSP 5.1) to where its system use goes on. */
export class Continuations {
  private readonly areas: ContinuationAreas
  private readonly seen = new Float64Array(CHAIN_LIMIT + 1)

  /**
   * @param window what of the directories is in memory; areas often lie beside them
   * @param byteOffsetOf where a block begins, in bytes of `structures`
   */
  constructor(
    structures: ByteSource,
    private readonly window: WindowReader,
    private readonly byteOffsetOf: (block: number) => number,
  ) {
    this.areas = new ContinuationAreas(structures)
  }

  /**
   * Reads on until the record ends, or what it leads to holds nothing.
   * @returns false where an area is not in memory yet: it is to be fetched and the record read anew
   */
  follow(rr: RockRidgeRecord): boolean {
    const { seen } = this
    for (let count = 0; rr.ceLength > 0; count++) {
      const key = rr.ceBlock * SECTOR + rr.ceOffset
      // libarchive's test_read_format_iso_rockridge_ce_loop.iso leads back to itself.
      const isLoop = seen.subarray(0, count).includes(key)
      seen[count] = key
      if (isLoop || count === CHAIN_LIMIT || rr.ceOffset + rr.ceLength > AREA_LIMIT) {
        rr.isContinuationLost = true
        rr.ceLength = 0
        return true
      }
      const at = this.byteOffsetOf(rr.ceBlock)
      const bytes = this.window.peek(at, rr.ceOffset + rr.ceLength) ?? this.areas.peek(at)
      if (bytes === null) return false
      const [from, to] = [rr.ceOffset, Math.min(rr.ceOffset + rr.ceLength, bytes.byteLength)]
      if (!rr.parse(bytes, from, to)) {
        rr.isContinuationLost = true
        rr.isContinuationBlank = to > from && isAllZero(bytes.subarray(from, to))
      }
    }
    return true
  }

  /** Fetches the area at which `follow` stopped. */
  fetch(rr: RockRidgeRecord): Promise<void> {
    return this.areas.fetch(this.byteOffsetOf(rr.ceBlock))
  }
}
