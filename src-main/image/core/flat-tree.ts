import type { ByteSource } from './byte-source'
import { EntryColumns } from './entry-columns'
import { type ContentRuns } from './content-runs'
import { EntryFlag, Kind } from './entry-flags'
import type { ReadContext, TreeReader } from './tree-reader'

/** One thing in a view without folders: a boot image, a partition, a track. */
export interface FlatItem extends ContentRuns {
  name: string
  byteLength: number
  modified?: number
  /** Nothing of it is there. */
  isLost?: boolean
}

/** A view that is a list. */
export class FlatTree implements TreeReader {
  constructor(
    private readonly volume: ByteSource,
    private readonly items: readonly FlatItem[],
  ) {}

  createColumns(basePath: string): EntryColumns {
    return new EntryColumns(this.volume, basePath)
  }

  readRoot(columns: EntryColumns): Promise<void> {
    columns.flags[columns.append(0)] = Kind.directory
    return Promise.resolve()
  }

  async readChildren(columns: EntryColumns, directories: readonly number[], context: ReadContext): Promise<void> {
    for (const directory of directories) {
      const first = columns.length
      for (const item of this.items) {
        const index = columns.append(directory)
        columns.setNameText(index, item.name)
        columns.length64[index] = item.byteLength
        columns.modified[index] = item.modified ?? NaN
        if (item.isLost === true) columns.flags[index] = EntryFlag.damaged
        columns.setRuns(index, { runs: item.runs, transform: item.transform })
      }
      await context.finisher.finish(columns, directory, first, null)
    }
  }
}
