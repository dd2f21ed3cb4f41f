import { recordedIn, SourceError, type ByteSource, type Place } from '../byte-source'
import type { DiagnosticLog } from '../diagnostic-log'

const SECTOR = 2048
/** Failures in a row before the rest of a read is given up: each may take a drive several seconds. */
const PATIENCE = 16

/**
 * For reading structures from damaged media: what cannot be read is zeros, sector by sector, and told. Files are read
 * from the source itself, whose errors count.
 */
export class TolerantSource implements ByteSource {
  constructor(
    private readonly inner: ByteSource,
    private readonly log: DiagnosticLog,
  ) {}

  get byteLength(): number {
    return this.inner.byteLength
  }

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    try {
      return await this.inner.read(byteOffset, byteLength)
    } catch (error) {
      if (!isLocal(error)) throw error
      return this.readInPieces(byteOffset, byteLength)
    }
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

  private async readInPieces(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const out = new Uint8Array(Math.max(0, Math.min(byteLength, this.byteLength - byteOffset)))
    for (let done = 0, failures = 0; done < out.byteLength && failures < PATIENCE;) {
      const length = Math.min(SECTOR - ((byteOffset + done) % SECTOR), out.byteLength - done)
      try {
        out.set(await this.inner.read(byteOffset + done, length), done)
        failures = 0
      } catch (error) {
        if (!isLocal(error)) throw error
        failures++
        const place = this.inner.locate(byteOffset + done, 1)
        this.log.damage(
          'UNREADABLE_SECTOR',
          'A sector that describes the image cannot be read.',
          place?.file.role === 'image' ? place.byteOffset : undefined,
        )
      }
      done += length
    }
    return out
  }
}

/** Whether an error says something about one place, and not that the whole source is gone or closed to us. */
function isLocal(error: unknown): boolean {
  return error instanceof SourceError && error.code !== 'SOURCE_GONE' && error.code !== 'SOURCE_FORBIDDEN'
}
