import { isAllZero } from '../../core/byte-reader'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { FaultTally } from '../../core/fault-tally'
import { Attribute, ENTRY_LENGTH, firstCluster, isLongName } from './directory-entry'

const SECTOR_LENGTH = 512
const DOT = 0x2e
const SPACE = 0x20
/** No entry is a volume’s name and a folder at once, and the two upper bits are never set (FAT specification 6). */
const NEVER_BESIDE_VOLUME = 0xd0

/** Where a directory lies, by its first cluster and its parent’s: 0 for the root, −1 where that is not known. */
export interface DirectoryPlace {
  own: number
  parent: number
  /** As a sentence begins with it. */
  title: string
}

/**
 * Where the records of a directory end: at the first whose name begins with a zero. Directories are filled from their
 * beginning on, so a sector without any in front of others is one that was lost, and they go on behind it.
 * @returns where to go on reading; `bytes.byteLength` at the end
 */
export function afterEndMark(bytes: Uint8Array, at: number): { next: number; isLost: boolean } {
  const isSector = at % SECTOR_LENGTH === 0 && isAllZero(bytes.subarray(at, at + SECTOR_LENGTH))
  if (isSector)
    for (let next = at + SECTOR_LENGTH; next < bytes.byteLength; next += SECTOR_LENGTH)
      if (isRecord(bytes, next)) return { next, isLost: true }
  return { next: bytes.byteLength, isLost: false }
}

/** Whether it can be no entry at all: passed over, since it says that it is no file. */
export function isNoEntry(bytes: Uint8Array, at: number): boolean {
  const attributes = bytes[at + 11] ?? 0
  return !isLongName(bytes, at) && (attributes & Attribute.volume) !== 0 && (attributes & NEVER_BESIDE_VOLUME) !== 0
}

/** Whether an entry is `.` or `..`: 1 and 2; 0 where it is neither. */
export function dotsOf(bytes: Uint8Array, at: number): 0 | 1 | 2 {
  if (bytes[at] !== DOT) return 0
  const isTwo = bytes[at + 1] === DOT
  for (let i = at + (isTwo ? 2 : 1); i < at + 11; i++) if (bytes[i] !== SPACE) return 0
  return isTwo ? 2 : 1
}

/**
 * Whether directories lie where the tree says that they do. All but the root begin with `.`, which names their own
 * cluster, and `..`, which names their parent’s (FAT specification 6.5); no other entry is called so.
 */
export class DirectoryCheck {
  private readonly faults = new FaultTally()

  constructor(
    private readonly log: DiagnosticLog,
    private readonly bits: number,
    private readonly rootCluster: number,
  ) {}

  /** What does not begin as directories do is lost, or another’s. */
  beginning(bytes: Uint8Array, { own, title }: DirectoryPlace): void {
    if (this.isRoot(own) || bytes.byteLength < ENTRY_LENGTH) return
    this.faults.countRecord()
    const second = ENTRY_LENGTH
    if (dotsOf(bytes, 0) === 1 && (second >= bytes.byteLength || dotsOf(bytes, second) === 2)) return
    const message = `${title} does not begin as folders do: entries may be missing.`
    // Some tools make folders without, but none makes some with and some without.
    const isOne = isRecord(bytes, 0) && (bytes[0] !== DOT || dotsOf(bytes, 0) === 1)
    if (isOne) this.faults.add('DIRECTORY_UNREADABLE', message, undefined, 'all')
    else this.log.damage('DIRECTORY_UNREADABLE', message)
  }

  dots(bytes: Uint8Array, at: number, { own, parent, title }: DirectoryPlace): void {
    const named = firstCluster(bytes, at, this.bits)
    const isSelf = dotsOf(bytes, at) === 1
    const message = `${title} holds entries of another folder: files are missing, or shown in the wrong place.`
    if (this.isRoot(own) || at >= 2 * ENTRY_LENGTH) {
      if (!this.isRoot(named) && named !== own) this.log.damage('DIRECTORY_MISPLACED', message)
    } else if (isSelf) {
      // Zero names no cluster.
      if (named !== own && named !== 0) this.log.damage('DIRECTORY_MISPLACED', message)
    } else if (parent >= 0 && named !== parent && !(this.isRoot(named) && this.isRoot(parent)))
      this.faults.add(
        'DIRECTORY_MISPLACED',
        `${title} names another folder as the one that it lies in: it may be shown in the wrong place.`,
      )
  }

  settle(): void {
    this.faults.settle(this.log)
  }

  /** FAT32’s root has a cluster, and is named as 0 all the same; some writers name its cluster. */
  private isRoot(cluster: number): boolean {
    return cluster === 0 || cluster === this.rootCluster
  }
}

/** Whether a record can begin here, also one that was deleted, or one of a long name. */
export function isRecord(bytes: Uint8Array, at: number): boolean {
  const attributes = bytes[at + 11] ?? 0
  if ((bytes[at] ?? 0) === 0 || attributes >= 0x40) return false
  if ((attributes & 0x0f) === Attribute.longName) return (bytes[at + 12] ?? 0) === 0
  return hasName(bytes, at)
}

/** Whether a short name holds a zero, which no writer puts into one. */
export function hasZero(bytes: Uint8Array, at: number): boolean {
  for (let i = at + 1; i < at + 11; i++) if (bytes[i] === 0) return true
  return false
}

/** Whether the record of a file or folder is here, but for what marks it: its first byte, and what it says to be. */
export function couldBeEntry(bytes: Uint8Array, at: number): boolean {
  const attributes = bytes[at + 11] ?? 0
  return attributes < 0x40 && bytes[at] !== DOT && hasName(bytes, at)
}

/** 0x05 stands for 0xE5 in front. */
function hasName(bytes: Uint8Array, at: number): boolean {
  for (let i = at + 1; i < at + 11; i++) if ((bytes[i] ?? 0) < SPACE) return false
  return true
}
