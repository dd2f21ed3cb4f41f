import type { ByteSource } from './byte-source'

/** Blocks that are CD sectors underneath. */
export interface SectoredSource extends ByteSource {
  /**
   * A file's data as its sectors' own submodes tell (CD-ROM XA II.4.5): 2048 bytes of each sector of form 1, 2324 of
   * each of form 2. Null where all are of form 1, so that the blocks are the data. `isMarked`: the directory says that
   * there are sectors of form 2, and every one is looked at; else only the first.
   */
  formsOf(byteOffset: number, byteLength: number, isMarked: boolean): Promise<ByteSource | null>
  /** Offsets of the blocks in a range whose sector does not fit its own EDC. Null where the sectors carry none. */
  wrongSectors(byteOffset: number, byteLength: number): Promise<number[] | null>
  /** How many sectors are of form 2, of which the blocks do not show everything. */
  countFormTwo(): Promise<number>
}

export function isSectored(source: ByteSource): source is SectoredSource {
  return 'formsOf' in source
}
