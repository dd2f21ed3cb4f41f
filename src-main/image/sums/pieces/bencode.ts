import { BadPieceListError } from '../../core/piece-list'

/** A value of a torrent (BEP 3): texts stay bytes, and names of a dictionary are read as Latin-1, a character for each. */
export type Bencoded = number | Buffer | Bencoded[] | Map<string, Bencoded>

const DEPTH_LIMIT = 64

/** @throws {BadPieceListError} where it is none */
export function readBencode(bytes: Buffer): Bencoded {
  const reader = new Reader(bytes)
  return reader.value(0)
}

/** An entry of a dictionary; undefined where it is none, or has no such entry. */
export function at(value: Bencoded | undefined, key: string): Bencoded | undefined {
  return value instanceof Map ? value.get(key) : undefined
}

/** A length or count; null where it is none. */
export function numberIn(value: Bencoded | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

class Reader {
  private position = 0

  constructor(private readonly bytes: Buffer) {}

  value(depth: number): Bencoded {
    if (depth > DEPTH_LIMIT) throw new BadPieceListError('it is nested too deeply.')
    const letter = this.bytes[this.position]
    if (letter === 0x69) {
      this.position++
      return this.integer(0x65)
    }
    if (letter === 0x6c) {
      const list: Bencoded[] = []
      for (this.position++; this.bytes[this.position] !== 0x65;) list.push(this.value(depth + 1))
      this.position++
      return list
    }
    if (letter === 0x64) {
      const entries = new Map<string, Bencoded>()
      for (this.position++; this.bytes[this.position] !== 0x65;) {
        const key = this.text().toString('latin1')
        entries.set(key, this.value(depth + 1))
      }
      this.position++
      return entries
    }
    return this.text()
  }

  private text(): Buffer {
    const length = this.integer(0x3a)
    const end = this.position + length
    if (length < 0 || end > this.bytes.byteLength) throw new BadPieceListError('it is cut short.')
    const text = this.bytes.subarray(this.position, end)
    this.position = end
    return text
  }

  private integer(until: number): number {
    const end = this.bytes.indexOf(until, this.position)
    const text = end < 0 || end - this.position > 20 ? '' : this.bytes.toString('latin1', this.position, end)
    if (!/^-?\d+$/.test(text)) throw new BadPieceListError('it is damaged.')
    this.position = end + 1
    return Number(text)
  }
}
