import type { ImageSum } from '../image-sums'
import { imageSumOf } from '../image-sums'
import { Md4 } from './md4'
import { BadPieceListError, PIECES_LIMIT, type PieceList, type PieceMaker } from '../../core/piece-list'

/** The header is a page of text. */
const HEADER_LIMIT = 64 << 10
const BLOCK_LIMIT = 1 << 24

/** What a zsync file says. */
export interface ZsyncFile {
  /** Its sum of the whole; null where it has none. */
  sum: ImageSum | null
  pieces: PieceList
}

/**
 * Reads a zsync file (zsync 0.6): a rolling sum and a beginning of the MD4 for each block, the last one filled up with
 * zeros.
 * @returns null where it is not of the file that is meant
 * @throws {BadPieceListError}
 */
export function readZsync(bytes: Buffer, from: string, isNamed: (name: string) => boolean): ZsyncFile | null {
  const end = bytes.indexOf('\n\n', 0, 'latin1')
  if (end < 0 || end > HEADER_LIMIT || !bytes.toString('latin1', 0, 6).startsWith('zsync:')) return null
  const fields = new Map<string, string>()
  for (const line of bytes.toString('utf8', 0, end).split('\n')) {
    const [, key, value] = /^([A-Za-z0-9-]+):\s*(.*?)\s*$/.exec(line) ?? []
    if (key !== undefined && value !== undefined) fields.set(key.toLowerCase(), value)
  }
  if (!isNamed(fields.get('filename') ?? '')) return null
  // What was compressed to be fetched has blocks of what is inside.
  if (fields.has('z-map2')) return null
  const byteLength = Number(fields.get('length') ?? Number.NaN)
  const pieceLength = Number(fields.get('blocksize') ?? Number.NaN)
  const [, rolling, strong] = (/^(\d),(\d),(\d{1,2})$/.exec(fields.get('hash-lengths') ?? '') ?? [])
    .map(Number)
    .slice(1)
  if (!Number.isSafeInteger(byteLength) || !(pieceLength > 0 && pieceLength <= BLOCK_LIMIT))
    throw new BadPieceListError('its header is damaged.')
  if (rolling === undefined || strong === undefined || rolling < 1 || rolling > 4 || strong < 3 || strong > 16)
    throw new BadPieceListError('its header is damaged.')
  const count = Math.ceil(byteLength / pieceLength)
  const sumLength = rolling + strong
  const sums = bytes.subarray(end + 2)
  if (count > PIECES_LIMIT || sums.byteLength !== count * sumLength)
    throw new BadPieceListError('it has not as many sums as its header says.')
  const sha1 = imageSumOf(fields.get('sha-1') ?? '')
  return {
    sum: sha1 === null ? null : { ...sha1, from },
    pieces: {
      from,
      byteLength,
      firstOffset: 0,
      pieceLength,
      count,
      sumLength,
      sums,
      maker: () => new BlockSum(pieceLength, rolling, strong),
    },
  }
}

/** The rolling sum of a block, its lowest bytes, and the first bytes of its MD4. */
class BlockSum implements PieceMaker {
  private readonly md4 = new Md4()
  private low = 0
  private high = 0
  private left: number

  constructor(
    blockLength: number,
    private readonly rolling: number,
    private readonly strong: number,
  ) {
    this.left = blockLength
  }

  update(bytes: Uint8Array): void {
    this.md4.update(bytes)
    // Both stay far below what a number holds exactly, whatever the piece: they are cut to 16 bits at its end.
    let { low, high, left } = this
    for (let at = 0; at < bytes.byteLength; at++) {
      const byte = bytes[at] ?? 0
      low += byte
      high += left-- * byte
    }
    this.low = low % 0x10000
    this.high = high % 0x10000
    this.left = left
  }

  digest(): Uint8Array {
    if (this.left > 0) this.md4.update(new Uint8Array(this.left))
    const sum = Buffer.alloc(4)
    sum.writeUInt16BE(this.low, 0)
    sum.writeUInt16BE(this.high, 2)
    return Buffer.concat([sum.subarray(4 - this.rolling), this.md4.digest().subarray(0, this.strong)])
  }
}
