/** Bits of bytes, the most significant first. Behind the end it gives zeros, and `isPast` says so. */
export class BitReader {
  private bit = 0

  /** @param at where it begins, in bytes */
  constructor(
    private readonly bytes: Uint8Array,
    at = 0,
  ) {
    this.bit = at * 8
  }

  /** @param count at most 32 */
  read(count: number): number {
    const value =
      count > 24 ? this.peek(count - 16) * 65_536 + this.peekAt(this.bit + count - 16, 16) : this.peek(count)
    this.bit += count
    return value
  }

  /** As `read`, in two's complement. */
  readSigned(count: number): number {
    const value = this.read(count)
    return count > 0 && value >= 2 ** (count - 1) ? value - 2 ** count : value
  }

  /** @param count at most 24 */
  peek(count: number): number {
    return this.peekAt(this.bit, count)
  }

  skip(count: number): void {
    this.bit += count
  }

  /** How many zeros come before the next one, which is passed over. `limit` at most. */
  readUnary(limit: number): number {
    let count = 0
    while (count <= limit) {
      const next = this.peek(24)
      const zeros = next === 0 ? 24 : Math.clz32(next) - 8
      count += zeros
      this.bit += zeros
      if (zeros < 24 || this.isPast) break
    }
    this.bit++
    return count
  }

  align(): void {
    this.bit = Math.ceil(this.bit / 8) * 8
  }

  /** In bytes, rounded up. */
  get position(): number {
    return Math.ceil(this.bit / 8)
  }

  get isPast(): boolean {
    return this.bit > this.bytes.byteLength * 8
  }

  private peekAt(bit: number, count: number): number {
    if (count === 0) return 0
    const { bytes } = this
    const at = bit >> 3
    const word =
      (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) <<
      (bit & 7)
    return word >>> (32 - count)
  }
}
