import type { ByteSource, Place } from '../byte-source'

/** Parts that follow one another as one source. */
export class ConcatSource implements ByteSource {
  readonly byteLength: number
  private readonly starts: number[] = []

  constructor(private readonly parts: readonly ByteSource[]) {
    let total = 0
    for (const part of parts) {
      this.starts.push(total)
      total += part.byteLength
    }
    this.byteLength = total
  }

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const out = new Uint8Array(wanted)
    let done = 0
    for (const [index, part] of this.parts.entries()) {
      const start = this.starts[index] ?? 0
      const from = byteOffset + done - start
      if (from < 0 || from >= part.byteLength) continue
      const bytes = await part.read(from, Math.min(part.byteLength - from, wanted - done))
      out.set(bytes, done)
      done += bytes.byteLength
      if (done === wanted) break
    }
    return done === wanted ? out : out.slice(0, done)
  }

  locate(byteOffset: number, byteLength: number): Place | null {
    for (const [index, part] of this.parts.entries()) {
      const from = byteOffset - (this.starts[index] ?? 0)
      if (from >= 0 && from < part.byteLength) return part.locate(from, Math.min(byteLength, part.byteLength - from))
    }
    return null
  }

  async close(): Promise<void> {
    for (const part of this.parts) await part.close()
  }
}
