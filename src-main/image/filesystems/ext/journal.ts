import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { ExtentSource } from '../../core/sources/extent-source'
import { BlockOverlay, type LaidBlock } from './block-overlay'

/** Of every block of the journal's own (Linux, Documentation/filesystems/ext4/journal.rst); big-endian. */
const MAGIC = 0xc03b3998
const Type = { descriptor: 1, commit: 2, superblock: 3, superblock2: 4, revoke: 5 } as const
const Feature = { wide: 2, sums2: 8, sums3: 16, fastCommit: 32 } as const
const TagFlag = { escaped: 1, sameUuid: 2, last: 8 } as const
const HEADER_LENGTH = 12
/** Blocks that are laid over a volume: a journal of 4 GiB has fewer. */
const BLOCK_LIMIT = 1 << 22

interface Journal {
  blockLength: number
  first: number
  /** Behind the last block that goes round. */
  end: number
  start: number
  sequence: number
  features: number
}

/**
 * The volume as it is once its journal has been replayed, which changes nothing on the disk.
 * @param runs where the journal lies
 */
export async function replayJournal(
  volume: ByteSource,
  runs: ArrayLike<number>,
  byteLength: number,
  blockLength: number,
  log: DiagnosticLog,
): Promise<ByteSource> {
  const content = new ExtentSource(volume, runs, byteLength)
  const journal = readJournal(new ByteReader(await content.read(0, 1024)), byteLength, blockLength)
  if (journal === null) {
    log.damage('JOURNAL_DAMAGED', 'The journal cannot be read; what is shown is as it was before the last changes.')
    return volume
  }
  if (journal.start === 0) return volume
  const blocks = await new Replay(content, journal).run()
  if (blocks.size === 0) return volume
  log.note('JOURNAL_REPLAYED', `The volume was not closed; ${blocks.size} blocks are taken from its journal.`)
  const laid = new Map<number, LaidBlock>()
  for (const [block, { at, isEscaped }] of blocks) laid.set(block, { content, byteOffset: at * blockLength, isEscaped })
  return new BlockOverlay(volume, blockLength, laid)
}

/** `journal_superblock_t`. */
function readJournal(reader: ByteReader, byteLength: number, blockLength: number): Journal | null {
  const type = reader.u32Be(4)
  if (reader.u32Be(0) !== MAGIC || (type !== Type.superblock && type !== Type.superblock2)) return null
  const features = type === Type.superblock ? 0 : reader.u32Be(40)
  const fastBlocks = (features & Feature.fastCommit) !== 0 ? reader.u32Be(84) || 256 : 0
  const end = Math.min(reader.u32Be(16), Math.floor(byteLength / blockLength)) - fastBlocks
  const journal = {
    blockLength,
    first: reader.u32Be(20),
    end,
    start: reader.u32Be(28),
    sequence: reader.u32Be(24),
    features,
  }
  const isPossible = reader.u32Be(12) === blockLength && journal.first > 0 && journal.first < end && journal.start < end
  return isPossible ? journal : null
}

interface JournalBlock {
  /** In blocks of the journal. */
  at: number
  isEscaped: boolean
  transaction: number
}

/** One way through the journal, up to the first transaction that was not finished. */
class Replay {
  private at: number
  private left: number
  /** By block of the volume. */
  private readonly blocks = new Map<number, JournalBlock>()
  /** Blocks that were freed, and in which transaction. */
  private readonly revoked = new Map<number, number>()

  constructor(
    private readonly content: ByteSource,
    private readonly journal: Journal,
  ) {
    this.at = journal.start
    this.left = journal.end - journal.first
  }

  async run(): Promise<ReadonlyMap<number, JournalBlock>> {
    let transaction = 0
    let pending: [number, JournalBlock][] = []
    let revokes: number[] = []
    while (this.left > 0 && pending.length + this.blocks.size < BLOCK_LIMIT) {
      const block = new ByteReader(await this.next())
      const sequence = (this.journal.sequence + transaction) >>> 0
      if (block.u32Be(0) !== MAGIC || block.u32Be(8) !== sequence) break
      const type = block.u32Be(4)
      if (type === Type.descriptor) pending.push(...this.readTags(block, transaction))
      else if (type === Type.revoke) revokes.push(...this.readRevokes(block))
      else if (type === Type.commit) {
        for (const [at, entry] of pending) this.blocks.set(at, entry)
        for (const at of revokes) this.revoked.set(at, transaction)
        pending = []
        revokes = []
        transaction++
      } else break
    }
    for (const [block, since] of this.revoked)
      if ((this.blocks.get(block)?.transaction ?? Infinity) <= since) this.blocks.delete(block)
    return this.blocks
  }

  /** What a descriptor says of the blocks that follow it, which are passed. */
  private readTags(block: ByteReader, transaction: number): [number, JournalBlock][] {
    const { features, blockLength } = this.journal
    const isWide = (features & Feature.wide) !== 0
    const hasSums3 = (features & Feature.sums3) !== 0
    const hasSums = hasSums3 || (features & Feature.sums2) !== 0
    const tagLength = hasSums3 ? 16 : 8 + (hasSums ? 2 : 0) + (isWide ? 4 : 0)
    const end = blockLength - (hasSums ? 4 : 0)
    const found: [number, JournalBlock][] = []
    for (let at = HEADER_LENGTH; at + tagLength <= end && this.left > 0;) {
      const flags = hasSums3 ? block.u32Be(at + 4) : block.u16Be(at + 6)
      const target = block.u32Be(at) + (isWide ? block.u32Be(at + 8) * 2 ** 32 : 0)
      found.push([target, { at: this.at, isEscaped: (flags & TagFlag.escaped) !== 0, transaction }])
      this.step()
      at += tagLength + ((flags & TagFlag.sameUuid) !== 0 ? 0 : 16)
      if ((flags & TagFlag.last) !== 0) break
    }
    return found
  }

  private readRevokes(block: ByteReader): number[] {
    const length = (this.journal.features & Feature.wide) !== 0 ? 8 : 4
    const end = Math.min(block.u32Be(HEADER_LENGTH), block.byteLength)
    const found: number[] = []
    for (let at = HEADER_LENGTH + 4; at + length <= end; at += length)
      found.push(length === 8 ? block.u64Be(at) : block.u32Be(at))
    return found
  }

  private async next(): Promise<Uint8Array> {
    const { blockLength } = this.journal
    const bytes = await this.content.read(this.at * blockLength, blockLength)
    this.step()
    return bytes
  }

  private step(): void {
    this.left--
    this.at++
    if (this.at >= this.journal.end) this.at = this.journal.first
  }
}
