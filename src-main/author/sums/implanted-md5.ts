import { createHash } from 'node:crypto'

const SECTOR = 2048
/** In the primary volume descriptor: ECMA-119 8.4.32, Application Use. */
export const IMPLANTED_OFFSET = 16 * SECTOR + 883
export const IMPLANTED_LENGTH = 512
/** Sectors at the end that are not summed: burners are careless with them. */
const SKIPPED = 15
const FRAGMENT_COUNT = 20
/** `checkisomd5` looks at its running digest every so many bytes. */
const LOOK_BYTES = 32 << 10

/** Makes the sum that `checkisomd5` looks for. It is fed the image as it is before the sum stands in it. */
export class ImplantedMd5Maker {
  private readonly hash = createHash('md5')
  private readonly end: number
  private readonly fragmentLength: number
  private position = 0
  private fragment = 0
  private fragments = ''

  constructor(imageLength: number) {
    this.end = imageLength - SKIPPED * SECTOR
    this.fragmentLength = Math.floor(this.end / (FRAGMENT_COUNT + 1))
  }

  feed(bytes: Uint8Array): void {
    const used = bytes.subarray(0, Math.max(0, this.end - this.position))
    for (let at = 0; at < used.byteLength;) {
      const piece = used.subarray(at, at + LOOK_BYTES - (this.position % LOOK_BYTES))
      this.hash.update(piece)
      this.position += piece.byteLength
      at += piece.byteLength
      if (this.position % LOOK_BYTES === 0 || this.position === this.end) this.look()
    }
  }

  /** The application use area with the sum in it. */
  area(): Uint8Array {
    const text =
      `ISO MD5SUM = ${this.hash.copy().digest('hex')};SKIPSECTORS = ${SKIPPED};RHLISOSTATUS=0;` +
      `FRAGMENT SUMS = ${this.fragments};FRAGMENT COUNT = ${FRAGMENT_COUNT};` +
      'THIS IS NOT THE SAME AS RUNNING MD5SUM ON THIS ISO!!'
    return Buffer.from(text.padEnd(IMPLANTED_LENGTH), 'latin1')
  }

  /** The first buffer that begins in a new part gives the sum of the part before: three characters. */
  private look(): void {
    const bufferStart = Math.floor((this.position - 1) / LOOK_BYTES) * LOOK_BYTES
    const fragment = Math.floor(bufferStart / this.fragmentLength)
    if (fragment === this.fragment) return
    this.fragment = fragment
    const digest = this.hash.copy().digest()
    this.fragments += [0, 1, 2].map((i) => (digest[i] ?? 0).toString(16).charAt(0)).join('')
  }
}
