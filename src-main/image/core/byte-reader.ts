/**
 * A window on bytes already in memory, read by offset. Nothing here throws for an offset outside: missing bytes read as
 * zero, and `has` tells whether they are there, so that a short structure is the caller's decision and not an exception.
 */
export class ByteReader {
  readonly byteLength: number

  constructor(readonly bytes: Uint8Array) {
    this.byteLength = bytes.byteLength
  }

  has(at: number, byteLength: number): boolean {
    return at >= 0 && byteLength >= 0 && at + byteLength <= this.byteLength
  }

  u8(at: number): number {
    return this.bytes[at] ?? 0
  }

  u16Le(at: number): number {
    return readU16Le(this.bytes, at)
  }

  u16Be(at: number): number {
    return readU16Be(this.bytes, at)
  }

  u32Le(at: number): number {
    return readU32Le(this.bytes, at)
  }

  u32Be(at: number): number {
    return readU32Be(this.bytes, at)
  }

  u64Le(at: number): number {
    return readU64Le(this.bytes, at)
  }

  u64Be(at: number): number {
    return readU64Be(this.bytes, at)
  }

  i64Le(at: number): number {
    return readI64Le(this.bytes, at)
  }

  i8(at: number): number {
    return ((this.bytes[at] ?? 0) << 24) >> 24
  }

  i16Le(at: number): number {
    return (readU16Le(this.bytes, at) << 16) >> 16
  }

  /** Shares memory with this reader. */
  slice(at: number, byteLength: number): Uint8Array {
    return this.bytes.subarray(Math.max(0, at), Math.max(0, at + byteLength))
  }

  sub(at: number, byteLength: number): ByteReader {
    return new ByteReader(this.slice(at, byteLength))
  }

  /** Bytes as characters U+0000–U+00FF. */
  latin1(at: number, byteLength: number): string {
    return latin1(this.slice(at, byteLength))
  }

  /** A fixed field of text: cut at the first NUL, without the padding at its end. */
  text(at: number, byteLength: number): string {
    const whole = this.latin1(at, byteLength)
    const nul = whole.indexOf('\0')
    return (nul < 0 ? whole : whole.slice(0, nul)).trimEnd()
  }

  matches(at: number, ascii: string): boolean {
    return matchesAscii(this.bytes, at, ascii)
  }
}

export function readU16Le(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
}

/** Three bytes. */
export function readU24Be(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 16) | readU16Be(bytes, at + 1)
}

export function readU16Be(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}

export function readU32Le(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0
  )
}

export function readU32Be(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0
  )
}

/** Numbers beyond 2^53 answer `Infinity`: no source is that long, so every comparison with a length rejects them. */
export function readU64Le(bytes: Uint8Array, at: number): number {
  return join64(readU32Le(bytes, at + 4), readU32Le(bytes, at))
}

/** As `readU64Le`. */
export function readU64Be(bytes: Uint8Array, at: number): number {
  return join64(readU32Be(bytes, at), readU32Be(bytes, at + 4))
}

/** Rounded beyond 2^53, which only times that cannot be are. */
export function readI64Le(bytes: Uint8Array, at: number): number {
  return (readU32Le(bytes, at + 4) | 0) * 0x100000000 + readU32Le(bytes, at)
}

function join64(high: number, low: number): number {
  return high >= 0x200000 ? Infinity : high * 0x100000000 + low
}

export function matchesAscii(bytes: Uint8Array, at: number, ascii: string): boolean {
  if (at < 0 || at + ascii.length > bytes.byteLength) return false
  for (let i = 0; i < ascii.length; i++) if (bytes[at + i] !== ascii.charCodeAt(i)) return false
  return true
}

export function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.byteLength; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  }
  return text
}

export function isAllZero(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0) return false
  return true
}
