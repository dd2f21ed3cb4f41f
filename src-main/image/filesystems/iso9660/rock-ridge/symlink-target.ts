/** Longer than any system's PATH_MAX. */
const TARGET_LIMIT = 8192

/** RRIP 4.1.3: the components of SL entries, joined as they come. */
export class SymlinkTarget {
  /** Whether any SL was there, be it empty. */
  present = false
  tooLong = false
  private bytes = new Uint8Array(256)
  private byteLength = 0
  /** The last component continues in the next one, so no separator goes between them. */
  private continued = false
  private afterRoot = false
  /** A component ran past the end of its entry. */
  cut = false
  private isContinuedElsewhere = false

  /** The last entry or component says that another follows, and none does. */
  get isOpen(): boolean {
    return this.present && (this.isContinuedElsewhere || this.continued)
  }

  reset(): void {
    this.present = false
    this.tooLong = false
    this.byteLength = 0
    this.continued = false
    this.afterRoot = false
    this.cut = false
    this.isContinuedElsewhere = false
  }

  get value(): Uint8Array {
    return this.bytes.subarray(0, this.byteLength)
  }

  read(entry: Uint8Array, at: number, length: number): void {
    this.present = true
    this.isContinuedElsewhere = ((entry[at + 4] ?? 0) & 1) !== 0
    const end = at + length
    for (let component = at + 5; component + 2 <= end;) {
      const flags = entry[component] ?? 0
      const from = component + 2
      const to = from + (entry[component + 1] ?? 0)
      if (to > end) {
        // genisoimage 1.1.11 writes lengths modulo 256 for targets beyond 250 bytes. The separator stays, so that
        // nobody takes what is left for the whole.
        this.cut = true
        if (!this.continued && this.byteLength > 0 && !this.afterRoot) this.push(0x2f)
        return
      }
      this.readComponent(flags, entry, from, to)
      component = to
    }
  }

  /** Flags: 1 continued, 2 `.`, 4 `..`, 8 root; 16 and 32 (volume root, host) are reserved since RRIP 1.12. */
  private readComponent(flags: number, entry: Uint8Array, from: number, to: number): void {
    if (!this.continued && this.byteLength > 0 && !this.afterRoot) this.push(0x2f)
    this.afterRoot = (flags & 8) !== 0
    if (this.afterRoot) {
      // Also in the middle: mkisofs records each of several slashes in a row as a root of its own.
      this.push(0x2f)
      this.continued = false
      return
    }
    if ((flags & 6) !== 0) {
      this.push(0x2e)
      if ((flags & 4) !== 0) this.push(0x2e)
      this.continued = false
      return
    }
    for (let at = from; at < to; at++) this.push(entry[at] ?? 0)
    this.continued = (flags & 1) !== 0
  }

  private push(byte: number): void {
    if (this.byteLength >= TARGET_LIMIT) {
      this.tooLong = true
      return
    }
    if (this.byteLength === this.bytes.byteLength) {
      const larger = new Uint8Array(this.bytes.byteLength * 2)
      larger.set(this.bytes)
      this.bytes = larger
    }
    this.bytes[this.byteLength++] = byte
  }
}
