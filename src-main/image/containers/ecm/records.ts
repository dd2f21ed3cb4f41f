import { readU32Le } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'

export const ECM_MAGIC = 'ECM\0'
const PIECE_LENGTH = 1 << 20
/** Of a record's header: six bits and four times seven. */
const HEADER_LIMIT = 5
/** A disc whose every sector stands in two records has 900 000. */
const RECORD_LIMIT = 1 << 23
const END = 0xffffffff

export const RecordType = { literal: 0, modeOne: 1, formOne: 2, formTwo: 3 } as const
/** What a record of each type counts: how long it is in the file, and on the disc. */
export const STORED = [1, 3 + 2048, 4 + 2048, 4 + 2324] as const
export const RESTORED = [1, 2352, 2336, 2336] as const

/** What the file is made of. */
export interface Records {
  count: number
  types: Uint8Array
  /** In bytes of the disc; one more than there are records. */
  starts: Float64Array
  /** Of the data, in bytes of the file. */
  places: Float64Array
  /** The EDC of the whole disc; null where the end is missing. */
  sum: number | null
}

/** All records of a file (Neill Corlett, `ecm.c`). @param step is told how far it is, in bytes of the file */
export async function readRecords(source: ByteSource, step: (bytesDone: number) => void): Promise<Records> {
  const list = new RecordList()
  let piece: Uint8Array = new Uint8Array(0)
  let pieceStart = 0
  let at = ECM_MAGIC.length
  while (at < source.byteLength && list.count < RECORD_LIMIT) {
    if (at < pieceStart || at + HEADER_LIMIT > pieceStart + piece.byteLength) {
      pieceStart = at
      piece = await source.read(at, PIECE_LENGTH)
      step(at)
    }
    const header = readHeader(piece, at - pieceStart)
    if (header === null) break
    at += header.byteLength
    if (header.count === END) {
      const sum = await source.read(at, 4)
      return list.finish(sum.byteLength === 4 ? readU32Le(sum, 0) : null)
    }
    const stored = STORED[header.type] ?? 1
    const count = header.count + 1
    const there = Math.min(count, Math.floor((source.byteLength - at) / stored))
    if (there > 0) list.add(header.type, there * (RESTORED[header.type] ?? 1), at)
    if (there < count) break
    at += count * stored
  }
  return list.finish(null)
}

/** Two bits of type, five bits of a number, and seven more in each byte that follows. Null where it does not end. */
function readHeader(bytes: Uint8Array, start: number): { type: number; count: number; byteLength: number } | null {
  const first = bytes[start]
  if (first === undefined) return null
  let count = (first >> 2) & 31
  let unit = 32
  let byteLength = 1
  for (let last = first; (last & 0x80) !== 0; byteLength++, unit *= 128) {
    const next = bytes[start + byteLength]
    if (next === undefined || byteLength === HEADER_LIMIT) return null
    count += (next & 0x7f) * unit
    last = next
  }
  return count > END ? null : { type: first & 3, count, byteLength }
}

/** Columns that grow with what was read. */
class RecordList {
  count = 0
  private types = new Uint8Array(1024)
  private starts = new Float64Array(1024)
  private places = new Float64Array(1024)
  private end = 0

  add(type: number, byteLength: number, place: number): void {
    if (this.count === this.types.length) {
      this.types = grown(this.types, new Uint8Array(this.count * 2))
      this.starts = grown(this.starts, new Float64Array(this.count * 2))
      this.places = grown(this.places, new Float64Array(this.count * 2))
    }
    this.types[this.count] = type
    this.starts[this.count] = this.end
    this.places[this.count] = place
    this.end += byteLength
    this.count++
  }

  finish(sum: number | null): Records {
    const starts = grown(this.starts.subarray(0, this.count), new Float64Array(this.count + 1))
    starts[this.count] = this.end
    return { count: this.count, types: this.types, starts, places: this.places, sum }
  }
}

function grown<T extends Uint8Array | Float64Array>(from: T, into: T): T {
  into.set(from)
  return into
}
