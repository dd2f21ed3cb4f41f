/** Reads a structure from its beginning to its end; whatever lies past it is a mistake of the file. */
export class LittleEndian {
  at = 0
  private readonly view: DataView

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get rest(): number {
    return this.bytes.byteLength - this.at
  }

  /** @throws RangeError where there are not as many */
  take(byteLength: number): Uint8Array {
    if (byteLength > this.rest) throw new RangeError('The archive’s directory ends early.')
    const taken = this.bytes.subarray(this.at, this.at + byteLength)
    this.at += byteLength
    return taken
  }

  u8(): number {
    return this.take(1)[0] ?? 0
  }

  u16(): number {
    this.take(2)
    return this.view.getUint16(this.at - 2, true)
  }

  u32(): number {
    this.take(4)
    return this.view.getUint32(this.at - 4, true)
  }

  /** @throws RangeError where it is beyond what a number holds exactly */
  u64(): number {
    this.take(8)
    return exact(this.view.getBigUint64(this.at - 8, true))
  }
}

export function exact(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER))
    throw new RangeError('The archive speaks of more bytes than there can be.')
  return Number(value)
}

/** Milliseconds since 1970 of an MS-DOS date and time, taken as UTC; null where they are none. */
export function dosTime(date: number, time: number): number | null {
  const [month, day] = [(date >> 5) & 15, date & 31]
  if (month < 1 || month > 12 || day < 1) return null
  return Date.UTC(1980 + (date >> 9), month - 1, day, time >> 11, (time >> 5) & 63, (time & 31) * 2)
}
