import { recordedIn, type ByteSource, type Place } from '../byte-source'
import { PromiseCache } from '../promise-cache'

const PAGE_LENGTH = 64 * 1024
/** 4 MiB: what lies near one another is mostly read near one another. */
const KEPT_PAGES = 64

/** A source for many small reads of structures: pages that were read lately are kept. Closing it leaves the other open. */
export class PagedSource implements ByteSource {
  private readonly pages = new PromiseCache<number, Uint8Array>(KEPT_PAGES)

  constructor(private readonly inner: ByteSource) {}

  get byteLength(): number {
    return this.inner.byteLength
  }

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(byteLength, this.byteLength - byteOffset))
    if (wanted === 0 || byteOffset < 0) return new Uint8Array(0)
    // What is long is read once.
    if (wanted > PAGE_LENGTH) return this.inner.read(byteOffset, wanted)
    const out = new Uint8Array(wanted)
    for (let done = 0; done < wanted;) {
      const index = Math.floor((byteOffset + done) / PAGE_LENGTH)
      const page = await this.pages.get(index, async () => this.inner.read(index * PAGE_LENGTH, PAGE_LENGTH))
      const within = byteOffset + done - index * PAGE_LENGTH
      const part = page.subarray(within, within + wanted - done)
      if (part.byteLength === 0) return out.subarray(0, done)
      out.set(part, done)
      done += part.byteLength
    }
    return out
  }

  locate(byteOffset: number, byteLength: number): Place | null {
    return this.inner.locate(byteOffset, byteLength)
  }

  recorded(byteOffset: number, byteLength: number): number {
    return recordedIn(this.inner, byteOffset, byteLength)
  }

  close(): void {
    // The inner source belongs to somebody else.
  }
}
