/** CRC-64 of ECMA-182, least significant bit first, as .xz uses it; two halves of 32 bits, since numbers end at 53. */
const HIGH = new Int32Array(256)
const LOW = new Int32Array(256)
for (let byte = 0; byte < 256; byte++) {
  let high = 0
  let low = byte
  for (let bit = 0; bit < 8; bit++) {
    const isOdd = (low & 1) !== 0
    low = (low >>> 1) | (high << 31)
    high >>>= 1
    if (isOdd) {
      high ^= 0xc96c5795
      low ^= 0xd7870f42
    }
  }
  HIGH[byte] = high
  LOW[byte] = low
}

/** The sum of bytes that come in pieces. */
export class Crc64 {
  private high = -1
  private low = -1

  update(bytes: Uint8Array): void {
    let { high, low } = this
    for (const byte of bytes) {
      const at = (low ^ byte) & 255
      low = ((low >>> 8) | (high << 24)) ^ (LOW[at] ?? 0)
      high = (high >>> 8) ^ (HIGH[at] ?? 0)
    }
    this.high = high
    this.low = low
  }

  /** Eight bytes, little-endian. */
  digest(): Uint8Array {
    const out = new DataView(new ArrayBuffer(8))
    out.setInt32(0, ~this.low, true)
    out.setInt32(4, ~this.high, true)
    return new Uint8Array(out.buffer)
  }
}
