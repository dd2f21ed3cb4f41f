import type { ByteReader } from '../../core/byte-reader'
import type { ByteSource, MaybePromise } from '../../core/byte-source'
import { andThen } from '../../core/maybe-promise'
import type { DiskMap, Run } from './disk-source'
import { TablePieces } from './table-pieces'

export interface BlockTable {
  /** For sentences. */
  name: string
  file: ByteSource
  /** Of the table, in bytes of the file. */
  tableOffset: number
  /** Of an entry of the table, in bytes. */
  entryLength: number
  /** Of what an entry stands for, in bytes of the disk. */
  blockLength: number
  /**
   * What lies `within` a block.
   * @param entry a reader that begins at the block's entry
   * @param byteLength not beyond the block's end
   */
  runIn: (entry: ByteReader, block: number, within: number, byteLength: number) => MaybePromise<Run>
  /** Where a block's entry stands in the table; absent: one behind the other. */
  indexOf?: (block: number) => number
}

/** A disk in blocks of one length, each with an entry in one table. */
export class BlockMap implements DiskMap {
  readonly tables: TablePieces

  constructor(private readonly table: BlockTable) {
    this.tables = new TablePieces(table.file, table.name)
  }

  at(byteOffset: number, byteLength: number): MaybePromise<Run> {
    const { blockLength, tableOffset, entryLength, runIn, indexOf } = this.table
    const block = Math.floor(byteOffset / blockLength)
    const within = byteOffset - block * blockLength
    const length = Math.min(byteLength, blockLength - within)
    const index = indexOf?.(block) ?? block
    return andThen(this.tables.at(tableOffset + index * entryLength, entryLength), (entry) =>
      runIn(entry, block, within, length),
    )
  }
}
