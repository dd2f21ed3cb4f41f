/**
 * A structure being written: a fixed number of bytes, all zero at first, filled by offset. What does not fit is a mistake
 * of the writer and throws.
 */
export class ByteWriter {
  readonly bytes: Uint8Array

  constructor(byteLength: number) {
    // Small ones are pieces of one large buffer: an image of many files has several for each of them.
    this.bytes = Buffer.allocUnsafe(byteLength).fill(0)
  }

  u8(at: number, value: number): this {
    this.assertRoom(at, 1)
    this.bytes[at] = value
    return this
  }

  u16Le(at: number, value: number): this {
    this.assertRoom(at, 2)
    this.bytes[at] = value
    this.bytes[at + 1] = value >>> 8
    return this
  }

  u16Be(at: number, value: number): this {
    this.assertRoom(at, 2)
    this.bytes[at] = value >>> 8
    this.bytes[at + 1] = value
    return this
  }

  u32Le(at: number, value: number): this {
    this.assertRoom(at, 4)
    this.bytes[at] = value
    this.bytes[at + 1] = value >>> 8
    this.bytes[at + 2] = value >>> 16
    this.bytes[at + 3] = value >>> 24
    return this
  }

  u32Be(at: number, value: number): this {
    this.assertRoom(at, 4)
    this.bytes[at] = value >>> 24
    this.bytes[at + 1] = value >>> 16
    this.bytes[at + 2] = value >>> 8
    this.bytes[at + 3] = value
    return this
  }

  u64Le(at: number, value: number): this {
    return this.u32Le(at, value >>> 0).u32Le(at + 4, Math.floor(value / 2 ** 32))
  }

  /** ECMA-119 7.2.3: in both byte orders. */
  u16Both(at: number, value: number): this {
    return this.u16Le(at, value).u16Be(at + 2, value)
  }

  /** ECMA-119 7.3.3: in both byte orders. */
  u32Both(at: number, value: number): this {
    return this.u32Le(at, value).u32Be(at + 4, value)
  }

  set(at: number, bytes: ArrayLike<number>): this {
    this.bytes.set(bytes, at)
    return this
  }

  private assertRoom(at: number, byteLength: number): void {
    if (at < 0 || at + byteLength > this.bytes.byteLength) throw new RangeError(`Nothing can stand at byte ${at}.`)
  }

  /** Text of one byte a character, cut at the field's end and filled up with `filler`. */
  text(at: number, text: string, fieldLength: number, filler = 0x20): this {
    this.assertRoom(at, fieldLength)
    for (let i = 0; i < fieldLength; i++) this.bytes[at + i] = i < text.length ? text.charCodeAt(i) & 0xff : filler
    return this
  }
}
