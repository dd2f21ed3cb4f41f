import { giveBack, takeInstance } from '../compiled'

/** CRC-64 of ECMA-182, least significant bit first, as .xz uses it, of bytes that come in pieces. */
export class Crc64 {
  private sum = 2n ** 64n - 1n

  update(bytes: Uint8Array): void {
    const instance = takeInstance()
    instance.put(bytes, instance.firstFree)
    this.sum = instance.decoders.crc64(this.sum, instance.firstFree, bytes.byteLength)
    giveBack(instance)
  }

  /** Eight bytes, little-endian. */
  digest(): Uint8Array {
    const out = new DataView(new ArrayBuffer(8))
    out.setBigInt64(0, ~this.sum, true)
    return new Uint8Array(out.buffer)
  }
}
