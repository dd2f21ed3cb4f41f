import { createHash } from '../../core/create-hash'

/** How many records are summed at a time. */
const BATCH = 512

/**
 * What an index records of blocks (.xz format 4.3), of which there may be millions: their number and a sum over them, so
 * that those which were read and those which are named can be compared without any being kept.
 */
export class BlockRecords {
  private count = 0
  private readonly hash = createHash('sha256')
  private readonly batch = new Float64Array(BATCH * 2)

  /**
   * @param unpadded bytes of header, data and check
   * @param unpacked bytes
   */
  add(unpadded: number, unpacked: number): void {
    const at = (this.count++ % BATCH) * 2
    this.batch[at] = unpadded
    this.batch[at + 1] = unpacked
    if (this.count % BATCH === 0) this.hash.update(this.batch)
  }

  /** Whether both have the same records in the same order. Either is done then. */
  isSame(other: BlockRecords): boolean {
    return this.count === other.count && this.digest() === other.digest()
  }

  private digest(): string {
    return this.hash.update(this.batch.subarray(0, (this.count % BATCH) * 2)).digest('hex')
  }
}
