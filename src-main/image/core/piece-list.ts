/** Sums the bytes of one piece. */
export interface PieceMaker {
  update(bytes: Uint8Array): void
  /** @returns as many bytes as the list has for a piece */
  digest(): Uint8Array
}

/** What a file beside an image, or the image itself, says of each piece of it. */
export interface PieceList {
  /** The name of the file that says so; null for the image itself. */
  from: string | null
  /** What the whole image has by it, or where the last of its own pieces ends, in bytes. */
  byteLength: number
  /** Where the first piece begins, in bytes: behind 0 where it is shared with another file. */
  firstOffset: number
  /** In bytes; the last piece may end with the image before that. */
  pieceLength: number
  count: number
  sumLength: number
  /** `count` sums, one behind the other. */
  sums: Uint8Array
  maker(): PieceMaker
}

/** Its list cannot be used, with the reason. */
export class BadPieceListError extends Error {
  override readonly name = 'BadPieceListError'

  /** @param isOfImage it names the image, whatever it is called itself */
  constructor(
    message: string,
    readonly isOfImage = false,
  ) {
    super(message)
  }
}

/** More pieces are none of an image: a 100 GB disc in pieces of 2 KiB has as many. */
export const PIECES_LIMIT = 64 << 20
