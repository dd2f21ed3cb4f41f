import { ByteReader, matchesAscii, readU16Le, readU32Le } from '../../core/byte-reader'
import { hasValidCrc, isTagSound, TagId } from './descriptor-tag'

/** Between two packets lie two run-out blocks, one that links and four run-in blocks, whose bytes are anybody's. */
const LINK_BLOCKS = 7
/** Error correction that is appended to an image, with this in front, belongs to no writer of the disc. */
const ECC_COOKIE = '*dvdisaster*'

/**
 * What is recorded behind a place of a sequential medium, block by block from its end backwards: whoever finds a virtual
 * allocation table there asks whether something was written after it.
 */
export class RecordedBehind {
  /** The lowest place of a descriptor of a file set, file or folder, in bytes of the image. */
  private descriptor: number | null = null
  /** Places of other blocks that are no padding, ascending by time of finding reversed: the last is the lowest. */
  private readonly others: number[] = []

  constructor(
    private readonly blockSize: number,
    private readonly sectorSize: number,
  ) {}

  /** Another that has seen the same. */
  copy(): RecordedBehind {
    const copy = new RecordedBehind(this.blockSize, this.sectorSize)
    copy.descriptor = this.descriptor
    copy.others.push(...this.others)
    return copy
  }

  /** @param byteOffset of the block `bytes[at, at + blockSize)` in the image; each lies in front of the one before */
  look(bytes: Uint8Array, at: number, byteOffset: number): void {
    const end = at + this.blockSize
    if (isPadding(bytes, at, end)) return
    if (matchesAscii(bytes, at, ECC_COOKIE)) {
      this.descriptor = null
      this.others.length = 0
      return
    }
    const id = readU16Le(bytes, at)
    if (id !== 0 && isTagSound(bytes, at) && hasValidCrc(new ByteReader(bytes.subarray(at, end)))) {
      // Anchors and volume descriptors close a session and name no files.
      if (id <= TagId.logicalVolumeIntegrity && readU32Le(bytes, at + 12) === Math.floor(byteOffset / this.sectorSize))
        return
      if (id >= TagId.fileSet && id <= TagId.extendedFileEntry) this.descriptor = byteOffset
    }
    // Only the lowest that a link cannot explain is asked for.
    if (this.others.length > LINK_BLOCKS) this.others.shift()
    this.others.push(byteOffset)
  }

  /** The first place at or behind `byteOffset` at which a writer went on; null where there is only padding and links. */
  firstAfter(byteOffset: number): number | null {
    const linked = byteOffset + LINK_BLOCKS * this.blockSize
    const other = this.others.findLast((place) => place >= linked) ?? null
    if (other === null || this.descriptor === null) return other ?? this.descriptor
    return Math.min(other, this.descriptor)
  }
}

/** All bytes are one and the same. */
function isPadding(bytes: Uint8Array, at: number, end: number): boolean {
  const first = bytes[at]
  for (let i = at + 1; i < end; i++) if (bytes[i] !== first) return false
  return true
}
