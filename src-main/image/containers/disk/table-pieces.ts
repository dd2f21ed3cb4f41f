import { ByteReader } from '../../core/byte-reader'
import { SourceError, type ByteSource, type MaybePromise } from '../../core/byte-source'
import { andThen } from '../../core/maybe-promise'

const PIECE_LENGTH = 64 << 10
/** 4 MiB of tables: those of half a terabyte in blocks of a megabyte, of 32 GB in clusters of 64 KiB. */
const KEPT_PIECES = 64

/** Tables of a disk, read in pieces as they are needed; the pieces asked for last are kept. */
export class TablePieces {
  private readonly kept = new Map<number, ByteReader>()

  /** @param name of the file, for sentences */
  constructor(
    private readonly source: ByteSource,
    private readonly name: string,
  ) {}

  /**
   * A reader that begins at `byteOffset` of the file, with at least `byteLength` bytes: less than a piece, and not across
   * a border of 64 KiB.
   * @throws {SourceError} where the file ends before that
   */
  at(byteOffset: number, byteLength: number): MaybePromise<ByteReader> {
    const piece = Math.floor(byteOffset / PIECE_LENGTH)
    const within = byteOffset - piece * PIECE_LENGTH
    return andThen(this.piece(piece), (reader) => {
      if (!reader.has(within, byteLength))
        throw new SourceError('CONTENT_DAMAGED', `“${this.name}” is damaged: part of its table of blocks is missing.`)
      return reader.sub(within, byteLength)
    })
  }

  /**
   * How many bits of a bitmap from `first` on are alike, no further than `last` or a border of 64 KiB of the file.
   * @param mapOffset of the bitmap, in bytes of the file
   * @param order which bit of a byte is its first one
   */
  bits(
    mapOffset: number,
    first: number,
    last: number,
    order: 'high' | 'low',
  ): MaybePromise<{ isSet: boolean; count: number }> {
    const start = Math.floor(first / 8)
    const border = PIECE_LENGTH - ((mapOffset + start) % PIECE_LENGTH)
    const length = Math.min(Math.ceil(last / 8) - start, border)
    return andThen(this.at(mapOffset + start, length), ({ bytes }) => {
      const isSetAt = (bit: number): boolean => {
        const byte = bytes[(bit >> 3) - start] ?? 0
        return ((order === 'high' ? byte << (bit & 7) : byte << (7 - (bit & 7))) & 0x80) !== 0
      }
      const isSet = isSetAt(first)
      const end = Math.min(last, (start + length) * 8)
      let bit = first + 1
      while (bit < end && isSetAt(bit) === isSet) bit++
      return { isSet, count: bit - first }
    })
  }

  private piece(piece: number): MaybePromise<ByteReader> {
    const known = this.kept.get(piece)
    if (known !== undefined) return known
    if (piece * PIECE_LENGTH >= this.source.byteLength) return new ByteReader(new Uint8Array(0))
    return andThen(this.source.read(piece * PIECE_LENGTH, PIECE_LENGTH), (bytes) => {
      const reader = new ByteReader(bytes)
      this.kept.set(piece, reader)
      if (this.kept.size > KEPT_PIECES) this.kept.delete(this.kept.keys().next().value ?? 0)
      return reader
    })
  }
}
