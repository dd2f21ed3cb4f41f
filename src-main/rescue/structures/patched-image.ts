import type { ByteSource } from '../../image/core/byte-source'

/** Bytes that stand wrong in an image, as they should be. */
export interface StructureRepair {
  byteOffset: number
  bytes: Uint8Array
  /** One sentence: what was put right, and by what. */
  message: string
}

/** An image with what has been put right so far. */
export class PatchedImage {
  readonly repairs: StructureRepair[] = []

  constructor(private readonly image: ByteSource) {}

  get byteLength(): number {
    return this.image.byteLength
  }

  /** A copy of some bytes; shorter only where the image ends. */
  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    if (byteOffset < 0) return new Uint8Array(0)
    const bytes = Uint8Array.from(await this.image.read(byteOffset, byteLength))
    for (const repair of this.repairs) {
      const from = Math.max(byteOffset, repair.byteOffset)
      const to = Math.min(byteOffset + bytes.byteLength, repair.byteOffset + repair.bytes.byteLength)
      if (from < to)
        bytes.set(repair.bytes.subarray(from - repair.byteOffset, to - repair.byteOffset), from - byteOffset)
    }
    return bytes
  }

  /** Puts bytes in their place, where they are not there already. */
  async put(byteOffset: number, bytes: Uint8Array, message: string): Promise<void> {
    const own = await this.read(byteOffset, bytes.byteLength)
    if (own.byteLength !== bytes.byteLength || Buffer.compare(own, bytes) === 0) return
    this.repairs.push({ byteOffset, bytes, message })
  }
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
