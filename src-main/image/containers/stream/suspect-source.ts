import type { ByteSource, MaybePromise } from '../../core/byte-source'

/** A range of unpacked bytes that do not give the sum recorded for them. */
export interface Suspect {
  /** In bytes, `to` exclusive. */
  from: number
  to: number
  problem: string
}

/** Bytes of which some are known to be wrong, though not which: they are given, and whoever checks is told. */
export class SuspectSource implements ByteSource {
  readonly byteLength: number

  constructor(
    private readonly inner: ByteSource,
    private readonly suspects: readonly Suspect[],
  ) {
    this.byteLength = inner.byteLength
  }

  read(byteOffset: number, byteLength: number): MaybePromise<Uint8Array> {
    return this.inner.read(byteOffset, byteLength)
  }

  readChecked(byteOffset: number, byteLength: number, wrong: (problem: string) => void): MaybePromise<Uint8Array> {
    for (const { problem } of this.suspectsIn(byteOffset, byteLength)) wrong(problem)
    return this.inner.read(byteOffset, byteLength)
  }

  isSuspect(byteOffset: number, byteLength: number): boolean {
    return this.suspectsIn(byteOffset, byteLength).length > 0
  }

  private suspectsIn(byteOffset: number, byteLength: number): Suspect[] {
    return this.suspects.filter(({ from, to }) => byteOffset < to && byteOffset + byteLength > from)
  }

  /** Bytes that are checked are not read past the check. */
  locate(): null {
    return null
  }

  close(): MaybePromise<void> {
    return this.inner.close()
  }
}
