import { isOneByteOff } from './short-name'
import { joinLongName, longNamePart } from './directory-entry'

/**
 * What became of a long name: `lost`: it belongs to the entry, and is damaged, or the short name is; `stale`: it is
 * another file's. DOS knew no long names, and leaves them where it deletes or renames.
 */
export type LongNameFate = 'none' | 'taken' | 'lost' | 'stale'

/** FAT specification 7: thirteen characters an entry, the last part first. */
export class LongName {
  /** Of the last entry that `take` was asked for. */
  fate: LongNameFate = 'none'
  private parts: string[] = []
  private checksum = -1
  private expected = 0
  /** Another name of the same entry has begun before its end: a part that is no beginning says that it is one. */
  private isTorn = false
  /** The sums of all parts that directly follow one another, whether they fit or not. */
  private readonly sums = new Set<number>()

  /** Whether all parts of a name are there, and wait for their entry. */
  get isWhole(): boolean {
    return this.parts.length > 0 && this.expected === 0
  }

  reset(): void {
    this.forgetParts()
    this.isTorn = false
    this.sums.clear()
  }

  add(bytes: Uint8Array, at: number): void {
    const order = bytes[at] ?? 0
    const checksum = bytes[at + 13] ?? 0
    this.sums.add(checksum)
    if ((order & 0x40) !== 0) {
      if (this.expected > 0 && this.checksum === checksum) this.isTorn = true
      this.parts = []
      this.expected = order & 0x1f
      this.checksum = checksum
    } else if ((order & 0x1f) !== this.expected || checksum !== this.checksum) {
      this.forgetParts()
      return
    }
    this.expected--
    this.parts.unshift(longNamePart(bytes, at))
  }

  /** A part that is no longer marked as one. */
  addUnmarked(bytes: Uint8Array, at: number): void {
    this.sums.add(bytes[at + 13] ?? 0)
    this.forgetParts()
  }

  /** Whether it is all there and belongs to this entry. */
  fits(bytes: Uint8Array, at: number): boolean {
    return this.isWhole && sumOfName(bytes, at) === this.checksum
  }

  /** The name if it belongs to this short entry; forgotten either way. */
  take(bytes: Uint8Array, at: number): string | null {
    const name = joinLongName(this.parts)
    const fits = this.fits(bytes, at) && name !== '' && !this.isTorn
    this.fate = fits ? 'taken' : this.fateBeside(bytes, at, name)
    this.reset()
    return fits ? name : null
  }

  private fateBeside(bytes: Uint8Array, at: number, name: string): LongNameFate {
    if (this.sums.size === 0) return 'none'
    if (this.sums.has(sumOfName(bytes, at))) return 'lost'
    return this.isWhole && isOneByteOff(bytes.subarray(at, at + 11), this.checksum, name) ? 'lost' : 'stale'
  }

  private forgetParts(): void {
    this.parts = []
    this.expected = 0
  }
}

/** FAT specification 7.2: the sum of a short name that the parts of its long one repeat. */
function sumOfName(bytes: Uint8Array, at: number): number {
  let sum = 0
  for (let i = 0; i < 11; i++) sum = (((sum & 1) << 7) + (sum >> 1) + (bytes[at + i] ?? 0)) & 0xff
  return sum
}
