import type { Control } from '../task'

const CHUNK_BYTES = 1 << 20

/** Bytes that can be read at any place; see `ByteSource` of images. */
export interface PourSource {
  readonly byteLength: number
  read(at: number, byteLength: number): Uint8Array | Promise<Uint8Array>
  /** As `read`, and says where the medium's own sums contradict the bytes. */
  readChecked?(at: number, byteLength: number, wrong: (sentence: string) => void): Uint8Array | Promise<Uint8Array>
  /** How many of these bytes are recorded anywhere: 0 for a hole. */
  recorded?(at: number, byteLength: number): number
}

/** What bytes are poured into, from front to back: an `AtomicFile`, or a stream. */
export interface PourTarget {
  write(bytes: Uint8Array, at: number): void
  /** What nothing was written to reads as zeros. */
  setLength(byteLength: number): void
}

export interface Poured {
  byteLength: number
  /** The first thing that the source's own sums say against the bytes. */
  problem: string | null
}

/** Pours all of a source into a file or a stream. What is not recorded becomes a hole, which reads as zeros. */
export async function pour(source: PourSource, file: PourTarget, control: Control): Promise<Poured> {
  let problem: string | null = null
  const wrong = (sentence: string): void => {
    problem ??= sentence
  }
  let at = 0
  while (at < source.byteLength) {
    const wait = control.checkpoint()
    if (wait) await wait
    const length = Math.min(CHUNK_BYTES, source.byteLength - at)
    if (source.recorded?.(at, length) === 0) at += length
    else {
      const bytes = await (source.readChecked?.(at, length, wrong) ?? source.read(at, length))
      if (bytes.byteLength === 0) break
      file.write(bytes, at)
      at += bytes.byteLength
    }
    control.progress({ bytesDone: at })
  }
  file.setLength(at)
  return { byteLength: at, problem }
}
