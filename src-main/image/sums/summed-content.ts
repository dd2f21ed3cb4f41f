import type { ByteSource } from '../core/byte-source'
import { sumMaker, type SumMaker } from './sum-maker'
import { sumMismatchSaid, type ExpectedSum } from './sums'

/** Content that is summed while it is read from its beginning to its end, for those who read it so. */
export class SummedContent {
  private readonly hash: SumMaker
  private byteOffset = 0

  constructor(private readonly sum: ExpectedSum) {
    this.hash = sumMaker(sum.algorithm)
  }

  /** The same bytes; each read must begin where the last one ended. */
  of(content: ByteSource): ByteSource {
    const take = (at: number, bytes: Uint8Array): Uint8Array => {
      if (at === this.byteOffset) {
        this.hash.update(bytes)
        this.byteOffset += bytes.byteLength
      }
      return bytes
    }
    return Object.create(content, {
      read: {
        value: async (at: number, byteLength: number) => take(at, await content.read(at, byteLength)),
      },
    }) as ByteSource
  }

  /** A sentence where all `byteLength` bytes were read, and do not give the sum; else null. */
  problem(byteLength: number): string | null {
    if (this.byteOffset !== byteLength || this.hash.digest('hex') === this.sum.hex) return null
    return sumMismatchSaid(this.sum).message
  }
}
