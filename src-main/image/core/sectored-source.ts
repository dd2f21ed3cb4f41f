import type { ByteSource } from './byte-source'

/** What sectors in a range say against themselves: offsets of their blocks, in order. */
export interface SectorFaults {
  /** They do not fit their own EDC, address or mode (ECMA-130 14). */
  wrong: number[]
  /** They do not begin as sectors do, though others have sync and header: padding or sound, not recorded, or not read. */
  blank: number[]
  /** Whether sectors carry EDC at all: without, nothing speaks for those that are not named. */
  carriesSums: boolean
}

/** Blocks that are CD sectors underneath. */
export interface SectoredSource extends ByteSource {
  /**
   * A file's data as its sectors' own submodes tell (CD-ROM XA II.4.5): 2048 bytes of each sector of form 1, 2324 of
   * each of form 2. Null where all are of form 1, so that the blocks are the data. `isMarked`: the directory says that
   * there are sectors of form 2, and every one is looked at; else only the first.
   */
  formsOf(byteOffset: number, byteLength: number, isMarked: boolean): Promise<ByteSource | null>
  sectorFaults(byteOffset: number, byteLength: number): Promise<SectorFaults>
  /** How many sectors are of form 2, of which the blocks do not show everything. */
  countFormTwo(): Promise<number>
}

export function isSectored(source: ByteSource): source is SectoredSource {
  return 'formsOf' in source
}
