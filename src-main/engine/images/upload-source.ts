import { because } from '../../../src-shared/model'
import { placeIn, SourceError, type ByteSource, type Place, type SourceFile } from '../../image'

/** Asks the page for a slice of a dropped file. */
export type AskForSlice = (request: { upload: string; byteOffset: number; byteLength: number }) => Promise<Uint8Array>

/** Slices are asked for in steps of this size at least: each costs a trip to the page. */
const STEP_BYTES = 256 << 10
const LARGEST_STEP_BYTES = 1 << 20
const KEPT_STEPS = 64

/** A file that was dropped on a page in the browser: its bytes stay there and are fetched slice by slice. */
export class UploadByteSource implements ByteSource, SourceFile {
  readonly role = 'image'
  private readonly steps = new Map<number, Uint8Array>()

  constructor(
    private readonly upload: string,
    private readonly name: string,
    readonly byteLength: number,
    private readonly ask: AskForSlice,
  ) {}

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const length = byteOffset < 0 ? 0 : Math.max(0, Math.min(byteLength, this.byteLength - byteOffset))
    const bytes = new Uint8Array(length)
    for (let done = 0; done < length;) {
      const at = byteOffset + done
      const piece = length - done >= STEP_BYTES ? await this.large(at, length - done) : await this.fromStep(at)
      if (piece.byteLength === 0) return bytes.subarray(0, done)
      const used = piece.subarray(0, length - done)
      bytes.set(used, done)
      done += used.byteLength
    }
    return bytes
  }

  locate(byteOffset: number, byteLength: number): Place | null {
    return placeIn(this, this.byteLength, byteOffset, byteLength)
  }

  close(): void {
    this.steps.clear()
  }

  private large(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    return this.fetch(byteOffset, Math.min(byteLength, LARGEST_STEP_BYTES))
  }

  private async fromStep(byteOffset: number): Promise<Uint8Array> {
    const start = byteOffset - (byteOffset % STEP_BYTES)
    let step = this.steps.get(start)
    if (!step) {
      step = await this.fetch(start, Math.min(STEP_BYTES, this.byteLength - start))
      this.steps.set(start, step)
      const oldest = this.steps.keys().next().value
      if (this.steps.size > KEPT_STEPS && oldest !== undefined) this.steps.delete(oldest)
    }
    return step.subarray(byteOffset - start)
  }

  private async fetch(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    try {
      return await this.ask({ upload: this.upload, byteOffset, byteLength })
    } catch (error) {
      throw new SourceError(
        'SOURCE_GONE',
        `${this.name} can no longer be read from the page it was dropped on. Drop it again.`,
        { byteOffset, cause: error, details: because('droppedGone', { name: this.name }) },
      )
    }
  }
}
