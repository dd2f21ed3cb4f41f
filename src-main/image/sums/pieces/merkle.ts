import { sumMaker } from '../sum-maker'
import type { PieceMaker } from '../../core/piece-list'

const HASH_LENGTH = 32

/** The root of the tree of SHA-256 over the leaves of a piece (BEP 52); leaves that are not there count as 32 zeros. */
export class MerkleMaker implements PieceMaker {
  private readonly hashes: Buffer[] = []
  private leaf = sumMaker('sha256')
  private filled = 0

  /** @param leaves of the piece; the tree is as wide as the next power of two */
  constructor(
    private readonly leafLength: number,
    private readonly leaves: number,
  ) {}

  update(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.byteLength;) {
      const part = bytes.subarray(at, at + this.leafLength - this.filled)
      this.leaf.update(part)
      this.filled += part.byteLength
      at += part.byteLength
      if (this.filled === this.leafLength) this.finishLeaf()
    }
  }

  digest(): Uint8Array {
    if (this.filled > 0) this.finishLeaf()
    let level = this.hashes
    let width = 2 ** Math.ceil(Math.log2(Math.max(1, this.leaves)))
    let empty: Buffer = Buffer.alloc(HASH_LENGTH)
    for (; width > 1; width /= 2) {
      const above: Buffer[] = []
      for (let at = 0; at < level.length; at += 2) above.push(pair(level[at] ?? empty, level[at + 1] ?? empty))
      empty = pair(empty, empty)
      level = above
    }
    return level[0] ?? empty
  }

  private finishLeaf(): void {
    this.hashes.push(Buffer.from(this.leaf.digest('hex'), 'hex'))
    this.leaf = sumMaker('sha256')
    this.filled = 0
  }
}

/**
 * The root of the tree over a layer of a file: the hashes of its pieces (BEP 52). The layer is as wide as the next power of
 * two; pieces that are not there count as those whose leaves are all 32 zeros.
 * @param layer hashes, one behind the other
 * @param leaves of a piece, a power of two
 */
export function rootOfLayer(layer: Uint8Array, leaves: number): Uint8Array {
  let empty: Buffer = Buffer.alloc(HASH_LENGTH)
  for (let width = leaves; width > 1; width /= 2) empty = pair(empty, empty)
  // Each layer takes the place of the one below: there may be millions of pieces.
  const level = Buffer.from(layer)
  let count = level.byteLength / HASH_LENGTH
  const hashAt = (index: number): Buffer =>
    index < count ? level.subarray(index * HASH_LENGTH, (index + 1) * HASH_LENGTH) : empty
  while (count > 1) {
    const above = Math.ceil(count / 2)
    for (let index = 0; index < above; index++)
      level.set(pair(hashAt(2 * index), hashAt(2 * index + 1)), index * HASH_LENGTH)
    empty = pair(empty, empty)
    count = above
  }
  return hashAt(0)
}

function pair(left: Buffer, right: Buffer): Buffer {
  return Buffer.from(sumMaker('sha256').update(left).update(right).digest('hex'), 'hex')
}
