import { createHash, type Hash } from 'node:crypto'
import type { AuthorContent } from '../author-tree'

interface Placed {
  content: AuthorContent
  byteOffset: number
}

/**
 * Sums of an image and of the files in it, made while its bytes go by once, in order. What goes into the image itself
 * (tags, tables, lists) is asked for when the bytes before it have gone by.
 */
export class ImageSums {
  private readonly whole = createHash('md5')
  private readonly md5 = new Map<AuthorContent, Uint8Array>()
  private readonly sha256 = new Map<AuthorContent, string>()
  private files: readonly Placed[] = []
  private next = 0
  private running: { md5: Hash | null; sha256: Hash | null } | null = null

  /** @param wants which sums of each file are needed */
  constructor(private readonly wants: { md5: boolean; sha256: boolean }) {}

  /** Tells where the files lie; in order of their places, none in another. */
  setFiles(files: readonly Placed[]): void {
    this.files = files
  }

  /** The next bytes of the image. */
  feed(bytes: Uint8Array, byteOffset: number): void {
    if (this.wants.md5) this.whole.update(bytes)
    const end = byteOffset + bytes.byteLength
    for (let file = this.files[this.next]; file !== undefined && file.byteOffset < end; file = this.files[this.next]) {
      const fileEnd = file.byteOffset + file.content.byteLength
      this.running ??= {
        md5: this.wants.md5 ? createHash('md5') : null,
        sha256: this.wants.sha256 ? createHash('sha256') : null,
      }
      const piece = bytes.subarray(Math.max(0, file.byteOffset - byteOffset), Math.min(end, fileEnd) - byteOffset)
      this.running.md5?.update(piece)
      this.running.sha256?.update(piece)
      if (fileEnd > end) break
      if (this.running.md5) this.md5.set(file.content, this.running.md5.digest())
      if (this.running.sha256) this.sha256.set(file.content, this.running.sha256.digest('hex'))
      this.running = null
      this.next++
    }
  }

  /** MD5 of all that has gone by. */
  soFar(): Uint8Array {
    return this.whole.copy().digest()
  }

  md5Of(content: AuthorContent): Uint8Array {
    return this.md5.get(content) ?? createHash('md5').digest()
  }

  sha256Of(content: AuthorContent): string {
    return this.sha256.get(content) ?? createHash('sha256').digest('hex')
  }
}
