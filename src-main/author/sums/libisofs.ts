import { createHash } from 'node:crypto'
import type { AuthorContent } from '../author-tree'
import { ByteWriter } from '../byte-writer'
import type { RecordedSums } from '../iso9660/directory-records'
import { attributeEntry } from '../iso9660/rock-ridge'
import { BLOCK, blocksOf } from '../layout'
import type { ImageSums } from './image-sums'

const MD5_LENGTH = 16
const TAGS = {
  descriptors: 'libisofs_sb_checksum_tag_v1',
  tree: 'libisofs_tree_checksum_tag_v1',
  session: 'libisofs_checksum_tag_v1',
} as const

/** A checksum tag: the sum of everything before it, and where the next one stands. Numbers are blocks. */
export function writeTag(kind: keyof typeof TAGS, block: number, next: number | null, md5: Uint8Array): Uint8Array {
  const link = next === null ? '' : ` next=${next}`
  const text = `${TAGS[kind]} pos=${block} range_start=0 range_size=${block}${link} md5=${Buffer.from(md5).toString('hex')}`
  const self = createHash('md5').update(text, 'latin1').digest('hex')
  const line = `${text} self=${self}\n`
  return new ByteWriter(BLOCK).text(0, line, line.length).bytes
}

/**
 * The table of the files' MD5 sums that libisofs keeps at the end of a session: the session's first, then each file's,
 * then that of the table itself.
 */
export class SumTable implements RecordedSums {
  private readonly numbers = new Map<AuthorContent, number>()
  /** Where the table lies; set when the image is laid out. */
  block = 0

  constructor(contents: Iterable<AuthorContent>) {
    for (const content of contents) if (!this.numbers.has(content)) this.numbers.set(content, this.numbers.size + 1)
  }

  get blockCount(): number {
    return blocksOf(this.count * MD5_LENGTH)
  }

  private get count(): number {
    return this.numbers.size + 2
  }

  /** `isofs.cx`: the number of the file's sum. */
  ofFile(content: AuthorContent): Uint8Array {
    return attributeEntry('cx', bigEndian(this.numbers.get(content) ?? 0))
  }

  /** `isofs.ca`: where the summed range begins and ends, how many sums there are, and which. */
  ofRoot(): Uint8Array {
    const numbers = [0, this.block, this.count].flatMap((number) => [4, ...bigEndian(number)])
    return attributeEntry('ca', [...numbers, 1, MD5_LENGTH, ...Buffer.from('MD5', 'latin1')])
  }

  /** @param sums that have seen everything before the table */
  write(sums: ImageSums): Uint8Array {
    const table = new Uint8Array(this.blockCount * BLOCK)
    table.set(sums.soFar())
    for (const [content, number] of this.numbers) table.set(sums.md5Of(content), number * MD5_LENGTH)
    const end = (this.count - 1) * MD5_LENGTH
    table.set(createHash('md5').update(table.subarray(0, end)).digest(), end)
    return table
  }
}

function bigEndian(number: number): number[] {
  return [...new ByteWriter(4).u32Be(0, number).bytes]
}
