import type { ByteReader } from '../../core/byte-reader'

/** What the first sector says of a GUID partition table behind it. */
export interface Protection {
  /**
   * `alone`: as the standard has it; `among`: beside entries of other types, as hybrids have it; `other`: a table without
   * it; `none`: no table.
   */
  kind: 'alone' | 'among' | 'other' | 'none'
  /** The disk's last sector by its word, in sectors of the disk; 0 where it says nothing. */
  last: number
}

const PROTECTIVE = 0xee

/** UEFI 5.2.3: an entry of the type 0xEE covers the disk, and keeps programs off that know nothing of GUIDs. */
export function protectionOf(head: ByteReader): Protection {
  const entries = [0, 1, 2, 3].map((index) => 446 + index * 16)
  const used = entries.filter((at) => head.u8(at + 4) !== 0)
  const found = used.find((at) => head.u8(at + 4) === PROTECTIVE)
  const isTable = head.u16Le(510) === 0xaa55 && entries.every((at) => (head.u8(at) & 0x7f) === 0)
  if (!isTable || used.length === 0) return { kind: 'none', last: 0 }
  if (found === undefined) return { kind: 'other', last: 0 }
  const [first, count] = [head.u32Le(found + 8), head.u32Le(found + 12)]
  // Where a disk has more sectors than 32 bits count, the field is full.
  const last = count === 0 || count === 0xffffffff ? 0 : first + count - 1
  return { kind: used.length === 1 && first === 1 ? 'alone' : 'among', last }
}
