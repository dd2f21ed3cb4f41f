/** Where compressed bytes come from; an empty answer is the end. */
export type PullBytes = () => Promise<Uint8Array>

/** What a decoder has to say besides the bytes. */
export interface StreamReport {
  /** What is unpacked from here on is vouched for, or not, together: a member, a frame, a block. */
  begins(): void
  /** What was unpacked since `begins` gives the sum that the stream carries for it. */
  proven?(): void
  /** What was unpacked since `begins` does not give the sum that the stream carries for it, which `what` names. */
  suspect(what: string): void
  /** What follows the last stream is none. `isPadding`: zeros, as tapes and some writers leave them. */
  trailing(byteLength: number, isPadding: boolean): void
  /** What follows may well belong to the content, and is not read. @param sentence what it is and costs */
  lost?(sentence: string): void
}

/** A stream that goes no further. What was unpacked before it was thrown is good as far as anybody knows. */
export class StreamError extends Error {
  /** `cut`: the input ends too early; `damaged`: it cannot be; `unsupported`: it may be, and is not read here. */
  readonly kind: 'cut' | 'damaged' | 'unsupported'

  constructor(kind: StreamError['kind'], message: string) {
    super(message)
    this.name = 'StreamError'
    this.kind = kind
  }
}

/** What a decoder gives that goes by steps: bytes, or null where it cannot go on before `more` of its input was awaited. */
export type Steps<T = void> = Generator<Uint8Array | null, T>
/** As {@link Steps}, of what gives no bytes. */
export type InputSteps<T> = Generator<null, T>

/** Compressed input, looked at before it is used up. */
export class StreamInput {
  private bytes: Uint8Array = new Uint8Array(0)
  private isOver = false
  /** Bytes used up so far. */
  position = 0

  constructor(private readonly pull: PullBytes) {}

  /** All of it at hand: steps over it never wait. */
  static of(bytes: Uint8Array): StreamInput {
    const input = new StreamInput(() => Promise.resolve(new Uint8Array(0)))
    input.bytes = bytes
    input.isOver = true
    return input
  }

  /** Waits for more of it. */
  async more(): Promise<void> {
    const more = await this.pull()
    if (more.byteLength === 0) this.isOver = true
    else if (this.bytes.byteLength === 0) this.bytes = more
    else {
      const joined = new Uint8Array(this.bytes.byteLength + more.byteLength)
      joined.set(this.bytes)
      joined.set(more, this.bytes.byteLength)
      this.bytes = joined
    }
  }

  /** The next bytes, at least `atLeast` of them unless the input ends before; they stay where they are. */
  async peek(atLeast: number): Promise<Uint8Array> {
    while (!this.has(atLeast)) await this.more()
    return this.bytes
  }

  /** As `peek`, by steps. */
  *peekSteps(atLeast: number): InputSteps<Uint8Array> {
    while (!this.has(atLeast)) yield null
    return this.bytes
  }

  private has(atLeast: number): boolean {
    return this.bytes.byteLength >= atLeast || this.isOver
  }

  /** Uses up bytes that were peeked at. */
  skip(byteLength: number): void {
    this.bytes = this.bytes.subarray(byteLength)
    this.position += byteLength
  }

  /** Gives back bytes that were used up last: whoever looked further than its data go. */
  unskip(bytes: Uint8Array): void {
    const joined = new Uint8Array(bytes.byteLength + this.bytes.byteLength)
    joined.set(bytes)
    joined.set(this.bytes, bytes.byteLength)
    this.bytes = joined
    this.position -= bytes.byteLength
  }

  /**
   * Exactly so many bytes, used up.
   * @throws {StreamError} `cut`
   */
  async take(byteLength: number): Promise<Uint8Array> {
    return this.used(await this.peek(byteLength), byteLength)
  }

  /** As `take`, by steps. @throws {StreamError} `cut` */
  *takeSteps(byteLength: number): InputSteps<Uint8Array> {
    return this.used(yield* this.peekSteps(byteLength), byteLength)
  }

  private used(bytes: Uint8Array, byteLength: number): Uint8Array {
    if (bytes.byteLength < byteLength) throw new StreamError('cut', 'The compressed data end too early.')
    this.skip(byteLength)
    return bytes.subarray(0, byteLength)
  }

  async isAtEnd(): Promise<boolean> {
    return (await this.peek(1)).byteLength === 0
  }

  /** Reads what is left to its end and tells how much it was. */
  async drain(report: StreamReport): Promise<void> {
    const steps = this.drainSteps(report)
    while (steps.next().done !== true) await this.more()
  }

  /** As `drain`, by steps. */
  *drainSteps(report: StreamReport): InputSteps<void> {
    let byteLength = 0
    let isPadding = true
    for (;;) {
      const bytes = yield* this.peekSteps(1)
      if (bytes.byteLength === 0) break
      isPadding &&= bytes.every((byte) => byte === 0)
      byteLength += bytes.byteLength
      this.skip(bytes.byteLength)
    }
    if (byteLength > 0) report.trailing(byteLength, isPadding)
  }
}
