import { recordedIn, type ByteSource, type MaybePromise, type Place } from '../byte-source'
import { copied } from '../copied'
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

  /** What lies in one page that is kept is answered at once. */
  read(byteOffset: number, byteLength: number): MaybePromise<Uint8Array> {
    const wanted = Math.max(0, Math.min(byteLength, this.byteLength - byteOffset))
    if (wanted === 0 || byteOffset < 0) return new Uint8Array(0)
    // What is long is read once.
    if (wanted > PAGE_LENGTH) return this.inner.read(byteOffset, wanted)
    const first = Math.floor(byteOffset / PAGE_LENGTH)
    const within = byteOffset - first * PAGE_LENGTH
    const page = this.page(first)
    if (!(page instanceof Promise) && within + wanted <= page.byteLength) return copied(page, within, within + wanted)
    return this.readOn(byteOffset, wanted)
  }

  private page(index: number): MaybePromise<Uint8Array> {
    return this.pages.get(index, async () => this.inner.read(index * PAGE_LENGTH, PAGE_LENGTH))
  }

  private async readOn(byteOffset: number, wanted: number): Promise<Uint8Array> {
    const out = new Uint8Array(wanted)
    for (let done = 0; done < wanted;) {
      const index = Math.floor((byteOffset + done) / PAGE_LENGTH)
      const page = await this.page(index)
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
