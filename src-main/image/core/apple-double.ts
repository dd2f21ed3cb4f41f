import type { ByteSource } from './byte-source'
import { copied } from './copied'

/** RFC 1740, appendix A: AppleDouble header, magic and version. */
const MAGIC = [0x00, 0x05, 0x16, 0x07, 0x00, 0x02, 0x00, 0x00]
const ENTRY = { resourceFork: 2, finderInfo: 9 } as const
const HEADER_LENGTH = 26 + 2 * 12
export const FINDER_INFO_LENGTH = 32

/** How much longer than its resource fork such a file is. */
export const APPLE_DOUBLE_LENGTH = HEADER_LENGTH + FINDER_INFO_LENGTH

/**
 * A file's resource fork and Finder information as an AppleDouble file (RFC 1740), which macOS, and every other system
 * that keeps forks beside their files, calls `._` and the file's name.
 */
export class AppleDoubleSource implements ByteSource {
  readonly byteLength: number
  private readonly header: Uint8Array

  /** @param finderInfo 32 bytes as the catalog records them */
  constructor(
    finderInfo: Uint8Array,
    private readonly fork: ByteSource,
  ) {
    const header = new Uint8Array(APPLE_DOUBLE_LENGTH)
    const view = new DataView(header.buffer)
    header.set(MAGIC)
    view.setUint16(24, 2)
    for (const [index, [id, byteOffset, byteLength]] of [
      [ENTRY.finderInfo, HEADER_LENGTH, FINDER_INFO_LENGTH] as const,
      [ENTRY.resourceFork, APPLE_DOUBLE_LENGTH, fork.byteLength] as const,
    ].entries()) {
      view.setUint32(26 + index * 12, id)
      view.setUint32(30 + index * 12, byteOffset)
      view.setUint32(34 + index * 12, byteLength)
    }
    header.set(finderInfo.subarray(0, FINDER_INFO_LENGTH), HEADER_LENGTH)
    this.header = header
    this.byteLength = header.byteLength + fork.byteLength
  }

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const head = this.header.subarray(byteOffset, byteOffset + wanted)
    if (head.byteLength === wanted) return copied(head)
    const from = Math.max(0, byteOffset - APPLE_DOUBLE_LENGTH)
    const rest = await this.fork.read(from, wanted - head.byteLength)
    const out = new Uint8Array(head.byteLength + rest.byteLength)
    out.set(head)
    out.set(rest, head.byteLength)
    return out
  }

  /** What the sectors below say of the stored bytes. */
  get damage(): string | null {
    return this.fork.damage ?? null
  }

  locate(): null {
    return null
  }

  close(): void {
    // The fork belongs to the volume.
  }
}
