import type { ByteSource } from '../image'
import type { AuthorContent } from './author-tree'

export const BLOCK = 2048

/**
 * Bytes of an image to be written, and where they come from. What no segment covers is zeros. `drawn` ones are made anew
 * whenever they are read, so that nobody holds them. `late` ones depend on all bytes before them, and are made when
 * those have gone by.
 */
export type Segment = { byteOffset: number; byteLength: number } & (
  | { kind: 'bytes'; bytes: Uint8Array }
  | { kind: 'content'; content: AuthorContent }
  | { kind: 'drawn'; draw: () => Uint8Array }
  | { kind: 'late'; make: () => Uint8Array }
)

/** Sees an image's bytes go by, in order. */
export interface ByteObserver {
  feed(bytes: Uint8Array, byteOffset: number): void
}

const PASS_CHUNK = 1 << 20

/** A content that did not give what it promised when the image was written. */
export interface ContentFault {
  content: AuthorContent
  message: string
}

/**
 * An image that is not written yet, as a source: it can be opened, compared and verified like any other, and writing it
 * is copying it. Contents are opened when they are first read, and a few are kept open.
 */
export class Layout implements ByteSource {
  readonly faults: ContentFault[] = []
  private readonly segments: readonly Segment[]
  private readonly open = new Map<AuthorContent, ByteSource>()
  private readonly late = new Map<Segment, Uint8Array>()
  private pass: Promise<void> | null = null

  /** @param segments in any order; none may overlap another */
  constructor(
    segments: readonly Segment[],
    readonly byteLength: number,
    private readonly observer: ByteObserver | null = null,
  ) {
    this.segments = segments.filter((each) => each.byteLength > 0).sort((a, b) => a.byteOffset - b.byteOffset)
    for (let i = 1; i < this.segments.length; i++) {
      const before = this.segments[i - 1]
      const own = this.segments[i]
      if (before && own && before.byteOffset + before.byteLength > own.byteOffset)
        throw new RangeError(`Segments overlap at ${own.byteOffset}.`)
    }
  }

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const out = new Uint8Array(wanted)
    await this.fill(out, byteOffset)
    return out
  }

  /**
   * All bytes once, in order, in pieces of `buffer`; each holds until the next is asked for. What depends on the bytes
   * before is made on the way, so that writing needs one pass.
   */
  async *pieces(buffer: Uint8Array): AsyncGenerator<{ bytes: Uint8Array; byteOffset: number }> {
    const stops = this.segments.filter(({ kind }) => kind === 'late')
    let stop = 0
    for (let byteOffset = 0; byteOffset < this.byteLength;) {
      let end = Math.min(byteOffset + buffer.byteLength, this.byteLength)
      for (
        let segment = stops[stop];
        segment !== undefined && segment.byteOffset <= byteOffset;
        segment = stops[++stop]
      )
        if (segment.kind === 'late') this.late.set(segment, segment.make())
      end = Math.min(end, stops[stop]?.byteOffset ?? end)
      const bytes = buffer.subarray(0, end - byteOffset)
      bytes.fill(0)
      await this.fill(bytes, byteOffset)
      this.observer?.feed(bytes, byteOffset)
      yield { bytes, byteOffset }
      byteOffset = end
    }
  }

  /** Reads everything once, where somebody wants what depends on it before the image is written. */
  private async makeLate(): Promise<void> {
    const pieces = this.pieces(new Uint8Array(PASS_CHUNK))
    while ((await pieces.next()).done !== true);
  }

  /** Fills `target`, which is zeros, with the bytes from `byteOffset` on. */
  private async fill(target: Uint8Array, byteOffset: number): Promise<void> {
    const end = byteOffset + target.byteLength
    for (let index = this.firstAt(byteOffset); index < this.segments.length; index++) {
      const segment = this.segments[index]
      if (segment === undefined || segment.byteOffset >= end) break
      const from = Math.max(byteOffset, segment.byteOffset)
      const to = Math.min(end, segment.byteOffset + segment.byteLength)
      const within = from - segment.byteOffset
      const into = target.subarray(from - byteOffset, to - byteOffset)
      if (segment.kind === 'bytes') into.set(segment.bytes.subarray(within, within + into.byteLength))
      else if (segment.kind === 'drawn') into.set(segment.draw().subarray(within, within + into.byteLength))
      else if (segment.kind === 'late') {
        if (!this.late.has(segment)) await (this.pass ??= this.makeLate())
        into.set(this.late.get(segment)?.subarray(within, within + into.byteLength) ?? [])
      } else if (into.byteLength === segment.byteLength && segment.content.readWhole)
        this.readWhole(segment.content, into)
      else await this.readContent(segment.content, within, into)
    }
  }

  locate(): null {
    return null
  }

  async close(): Promise<void> {
    for (const source of this.open.values()) await source.close()
    this.open.clear()
  }

  /** The first segment that ends behind `byteOffset`. */
  private firstAt(byteOffset: number): number {
    let low = 0
    let high = this.segments.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const segment = this.segments[middle]
      if (segment !== undefined && segment.byteOffset + segment.byteLength <= byteOffset) low = middle + 1
      else high = middle
    }
    return low
  }

  /** A file that lies in one chunk is opened, read and closed; most do. */
  private readWhole(content: AuthorContent, into: Uint8Array): void {
    try {
      const got = content.readWhole?.(into) ?? 0
      if (got < into.byteLength) this.report(content, SHORTER)
      if (got > into.byteLength) this.report(content, GREW)
    } catch (error) {
      this.report(content, unreadable(error))
    }
  }

  private report(content: AuthorContent, problem: string): void {
    if (this.faults.some((fault) => fault.content === content)) return
    this.faults.push({ content, message: `${content.origin} ${problem}` })
  }

  private async readContent(content: AuthorContent, at: number, into: Uint8Array): Promise<void> {
    try {
      const source = await this.sourceOf(content)
      const bytes = await (source.readInto?.(into, at) ?? source.read(at, into.byteLength))
      if (typeof bytes !== 'number') into.set(bytes)
      if ((typeof bytes === 'number' ? bytes : bytes.byteLength) < into.byteLength) this.report(content, SHORTER)
    } catch (error) {
      this.report(content, unreadable(error))
    }
  }

  private async sourceOf(content: AuthorContent): Promise<ByteSource> {
    const known = this.open.get(content)
    if (known !== undefined) return known
    if (this.open.size >= OPEN_LIMIT) {
      const [oldest, source] = [...this.open][0] ?? []
      if (oldest !== undefined) this.open.delete(oldest)
      await source?.close()
    }
    const source = content.open()
    if (source.byteLength > content.byteLength) this.report(content, GREW)
    this.open.set(content, source)
    return source
  }
}

const SHORTER = 'became shorter while it was read; what is missing of it is zeros in the image.'
const GREW = 'grew while it was read; what was added is not in the image.'

function unreadable(error: unknown): string {
  const { code, message } = error as { code?: string; message: string }
  return `cannot be read (${code ?? message}); in the image it is zeros.`
}

/** Files are read one after the other; a reader of the unwritten image goes back and forth. */
const OPEN_LIMIT = 8

export function blocksOf(byteLength: number): number {
  return Math.ceil(byteLength / BLOCK)
}

/** Bytes held in memory as a content. */
export function bytesContent(bytes: Uint8Array, origin: string): AuthorContent {
  return {
    byteLength: bytes.byteLength,
    origin,
    open: () => ({
      byteLength: bytes.byteLength,
      read: (at, length) => bytes.slice(at, at + length),
      locate: () => null,
      close: () => undefined,
    }),
  }
}
