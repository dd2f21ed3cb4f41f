import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'

/** Apple File System Reference, “Objects”: what every object begins with. */
export const OBJECT_HEADER_LENGTH = 32
const MODULUS = 0xffffffff
/** The two top bits of an object's type say how its number leads to it. */
const STORAGE_MASK = 0xc0000000
const PHYSICAL = 0x40000000

export const ObjectType = { container: 1, tree: 2, treeNode: 3, objectMap: 11, volume: 13 } as const

/** Whether an object's number is that of its block, and not of an entry of the object map. */
export function isPhysical(type: number): boolean {
  return (type & STORAGE_MASK) >>> 0 === PHYSICAL
}

/** Of an object's type, without how it is stored. */
export function typeOf(reader: ByteReader): number {
  return reader.u32Le(24) & 0xffff
}

/** “obj_phys_t”: Fletcher's sum of 64 bits over all words but itself. */
export function isSumRight(reader: ByteReader): boolean {
  let low = 0
  let high = 0
  for (let at = 8; at + 4 <= reader.byteLength; at += 4) {
    low = (low + reader.u32Le(at)) % MODULUS
    high = (high + low) % MODULUS
  }
  const first = MODULUS - ((low + high) % MODULUS)
  const second = MODULUS - ((low + first) % MODULUS)
  return reader.u32Le(0) === first && reader.u32Le(4) === second
}

/** Reads blocks of a container. */
export class Blocks {
  constructor(
    readonly source: ByteSource,
    readonly blockLength: number,
  ) {}

  /** Null where the block is not there. */
  async read(block: number): Promise<ByteReader | null> {
    const at = block * this.blockLength
    if (!(at + this.blockLength <= this.source.byteLength)) return null
    const bytes = await this.source.read(at, this.blockLength)
    return bytes.byteLength === this.blockLength ? new ByteReader(bytes) : null
  }
}
