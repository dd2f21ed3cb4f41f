import type { EntryTable } from '../image/core/entry-table'
import type { PackedBlocks } from '../image/core/packed-blocks'
import type { Expectation } from './expectation'
import type { Finding } from './finding'
import type { ReadTally } from './read-tally'
import { reportWrong, type WrongKind } from './sector-sums'

const SECTOR = 2048
const UNPACKS_NOT: WrongKind = { kind: 'container', one: 'does not unpack', many: 'do not unpack' }
/** Sectors that are kept to look up whose they are. */
const KEPT_LIMIT = 1_000_000

/** That every packed block of an image unpacks. Reading it is the check: what cannot be read is told, with whose it is. */
export class PackedBlocksCheck implements Expectation {
  private readonly lost: number[] = []
  private count = 0
  private index = 0
  private within = 0

  /** @param ranges pairs of byte offset and byte length */
  constructor(
    readonly ranges: readonly number[],
    private readonly hasBlockSums: boolean,
  ) {}

  static async of(blocks: PackedBlocks, tally: ReadTally): Promise<PackedBlocksCheck> {
    return new PackedBlocksCheck(await blocks.packedRanges(() => tally.checkpoint()), blocks.hasBlockSums)
  }

  feed(bytes: Uint8Array): void {
    this.go(bytes.byteLength)
  }

  skip(byteLength: number): void {
    const at = (this.ranges[this.index] ?? 0) + this.within
    for (let sector = at - (at % SECTOR); sector < at + byteLength; sector += SECTOR) {
      if (this.lost.at(-1) === sector) continue
      this.count++
      if (this.lost.length < KEPT_LIMIT) this.lost.push(sector)
    }
    this.go(byteLength)
  }

  finish(): void {
    // What could not be read is known by then.
  }

  /** Blocks without sums of their own that unpack prove nothing: of them only those that do not are told. */
  findings(table: EntryTable): Finding[] {
    if (this.count > 0) return reportWrong(this.lost, this.count, table, UNPACKS_NOT)
    if (!this.hasBlockSums || this.ranges.length === 0) return []
    const detail = 'Every packed block of the file around the disc fits its own checksum.'
    return [{ check: { kind: 'container', verdict: 'passed', detail }, ranges: this.ranges }]
  }

  /** A part that is fed may end one range and never begins another within itself. */
  private go(byteLength: number): void {
    this.within += byteLength
    if (this.within < (this.ranges[this.index + 1] ?? 0)) return
    this.index += 2
    this.within = 0
  }
}
