import { readU32Le } from '../../../core/byte-reader'
import type { ByteSource } from '../../../core/byte-source'
import { CE, ST } from './system-use-entry'

/** Linux follows as many continuation areas. */
const AREA_LIMIT = 32
/** A continuation area that is longer is none, in bytes. */
const AREA_LENGTH_LIMIT = 32_768

export interface SystemUseEntry {
  /** Its signature, as a number. */
  kind: number
  /** What it lies in. */
  bytes: Uint8Array
  at: number
  length: number
}

/**
 * The system use entries of one directory record (SUSP 4), those of its continuation areas included, one after the other:
 * for what is asked of few records. {@link RockRidgeRecord} reads those of all of them.
 * @param bytes which the record is in; its entries lie in [from, to)
 */
export async function* systemUse(
  volume: ByteSource,
  bytes: Uint8Array,
  from: number,
  to: number,
  byteOffsetOf: (block: number) => number,
): AsyncGenerator<SystemUseEntry> {
  let area = { bytes, from, to }
  for (let areas = 0; areas < AREA_LIMIT; areas++) {
    let next: { block: number; offset: number; length: number } | null = null
    for (let at = area.from; at + 4 <= area.to;) {
      const length = area.bytes[at + 2] ?? 0
      const kind = (area.bytes[at] ?? 0) | ((area.bytes[at + 1] ?? 0) << 8)
      if (length < 4 || at + length > area.to || kind === ST) break
      if (kind === CE && length >= 28)
        next = {
          block: readU32Le(area.bytes, at + 4),
          offset: readU32Le(area.bytes, at + 12),
          length: readU32Le(area.bytes, at + 20),
        }
      yield { kind, bytes: area.bytes, at, length }
      at += length
    }
    if (next === null || next.length > AREA_LENGTH_LIMIT) return
    const read = await volume.read(byteOffsetOf(next.block) + next.offset, next.length)
    area = { bytes: read, from: 0, to: read.byteLength }
  }
}
