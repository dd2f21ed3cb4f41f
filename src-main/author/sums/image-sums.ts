import { createHash } from 'node:crypto'
import { sumMaker, type SumMaker } from '../../image/sums/sum-maker'
import type { SumAlgorithm } from '../../image/sums/sums'
import type { AuthorContent, ContentSums } from '../author-tree'

interface Placed {
  content: AuthorContent
  byteOffset: number
}

/**
 * Sums of an image and of the files in it, made while its bytes go by once, in order. What goes into the image itself
 * (tags, tables, lists) is asked for when the bytes before it have gone by.
 */
export class ImageSums implements ContentSums {
  private readonly whole = createHash('md5')
  private readonly sums = new Map<AuthorContent, Map<SumAlgorithm, string>>()
  private files: readonly Placed[] = []
  private next = 0
  private running: Map<SumAlgorithm, SumMaker> | null = null

  /** @param wants whether the MD5 of all that has gone by is needed, and which sums of each file */
  constructor(private readonly wants: { whole: boolean; files: ReadonlySet<SumAlgorithm> }) {}

  get isNeeded(): boolean {
    return this.wants.whole || this.wants.files.size > 0
  }

  /** Tells where the files lie; in order of their places, none in another. */
  setFiles(files: readonly Placed[]): void {
    this.files = files
  }

  /** The next bytes of the image. */
  feed(bytes: Uint8Array, byteOffset: number): void {
    if (this.wants.whole) this.whole.update(bytes)
    const end = byteOffset + bytes.byteLength
    for (let file = this.files[this.next]; file !== undefined && file.byteOffset < end; file = this.files[this.next]) {
      const fileEnd = file.byteOffset + file.content.byteLength
      this.running ??= new Map([...this.wants.files].map((algorithm) => [algorithm, sumMaker(algorithm)]))
      const piece = bytes.subarray(Math.max(0, file.byteOffset - byteOffset), Math.min(end, fileEnd) - byteOffset)
      for (const maker of this.running.values()) maker.update(piece)
      if (fileEnd > end) break
      this.sums.set(file.content, new Map([...this.running].map(([name, maker]) => [name, maker.digest('hex')])))
      this.running = null
      this.next++
    }
  }

  /** MD5 of all that has gone by. */
  soFar(): Uint8Array {
    return this.whole.copy().digest()
  }

  md5Of(content: AuthorContent): Uint8Array {
    return Buffer.from(this.sumOf(content, 'md5'), 'hex')
  }

  sumOf(content: AuthorContent, algorithm: SumAlgorithm): string {
    return this.sums.get(content)?.get(algorithm) ?? sumMaker(algorithm).digest('hex')
  }
}
