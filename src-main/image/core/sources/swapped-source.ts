import type { ByteSource } from '../byte-source'

/** Another source with the two bytes of each of its words swapped. */
export class SwappedSource implements ByteSource {
  constructor(private readonly inner: ByteSource) {}

  get byteLength(): number {
    return this.inner.byteLength
  }

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const start = byteOffset - (byteOffset % 2)
    const bytes = new Uint8Array(await this.inner.read(start, wanted + 2))
    for (let at = 0; at + 1 < bytes.byteLength; at += 2) {
      const first = bytes[at] ?? 0
      bytes[at] = bytes[at + 1] ?? 0
      bytes[at + 1] = first
    }
    return bytes.subarray(byteOffset - start, byteOffset - start + wanted)
  }

  locate(): null {
    return null
  }

  close(): void {
    // The other source belongs to somebody else.
  }
}
