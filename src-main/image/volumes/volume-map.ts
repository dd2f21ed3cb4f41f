import type { ByteReader } from '../core/byte-reader'
import type { ByteSource } from '../core/byte-source'
import type { Likelihood } from '../core/likelihood'
import type { TellFault } from './table-faults'

/** A partition as any table describes it. */
export interface Partition {
  /** The id of the map that names it. */
  scheme: string
  number: number
  /** What it is: `efi-system`, `0x83`, `Apple_HFS`. */
  type: string
  name: string
  byteOffset: number
  byteLength: number
  /** The table may as well be the code of a boot sector: alone it makes no image. */
  isDoubtful?: boolean
  /**
   * Its type is one for file systems that are read: `always`, so that something is wrong where none is found, or
   * `usually`, as of the types that tools give to whatever nobody has said the type of.
   */
  holdsFileSystem?: 'always' | 'usually' | undefined
}

/** How much of an image {@link VolumeMap.probe} is shown, in bytes. */
export const MAP_HEAD_LENGTH = 64 * 1024

/** A table that divides a disk into volumes. */
export interface VolumeMap {
  id: string
  probe(head: ByteReader): Likelihood
  /**
   * The volumes that it names; none where it is no table after all.
   * @param tell of what is wrong with it
   */
  open(source: ByteSource, head: ByteReader, tell: TellFault): Promise<Partition[]>
  /** Where the last volume ends, in bytes, as far as the first sector tells; null where it is no such table. */
  measure?(firstSector: ByteReader): number | null
}
