import { Kind } from '../../core/entry-flags'
import { readU16Le, readU32Le, readU64Le } from '../../core/byte-reader'
import { readTimestamp } from '../../core/date-time'
import { isCrcSound, isTagSound, TagId } from './descriptor-tag'
import { readLongAllocation, type LongAllocation } from './allocation'

/** ECMA-167 4/14.6.6. */
export const FileType = {
  directory: 4,
  regular: 5,
  blockDevice: 6,
  characterDevice: 7,
  fifo: 9,
  socket: 10,
  symlink: 12,
  streamDirectory: 13,
  vat: 248,
  realTime: 249,
  /** UDF 2.2.13.1. */
  metadata: 250,
  metadataMirror: 251,
} as const

/** ECMA-167 4/14.9 and 4/14.17. One object serves all entries of a tree. */
export class FileEntry {
  fileType = 0
  strategy = 4
  allocationKind = 0
  uid = 0
  gid = 0
  mode = 0
  links = 0
  informationLength = 0
  modified = NaN
  extendedAttributesFrom = 0
  allocationFrom = 0
  allocationTo = 0
  isExtended = false
  /** The CRC fits what follows the tag (ECMA-167 3/7.2.6): the entry is as it was written. */
  isSound = false
  /** Where it says that it lies: a block of its partition (3/7.2.8). */
  tagLocation = 0

  /** False where `bytes[at, end)` is not a file entry. */
  read(bytes: Uint8Array, at: number, end: number): boolean {
    const id = readU16Le(bytes, at)
    if ((id !== TagId.fileEntry && id !== TagId.extendedFileEntry) || at + 176 > end || !isTagSound(bytes, at)) {
      return false
    }
    this.isExtended = id === TagId.extendedFileEntry
    this.isSound = isCrcSound(bytes, at, end)
    this.tagLocation = readU32Le(bytes, at + 12)
    const shift = this.isExtended ? 40 : 0
    this.strategy = readU16Le(bytes, at + 20)
    this.fileType = bytes[at + 27] ?? 0
    const flags = readU16Le(bytes, at + 34)
    this.allocationKind = flags & 7
    this.uid = readU32Le(bytes, at + 36)
    this.gid = readU32Le(bytes, at + 40)
    this.mode = modeOf(readU32Le(bytes, at + 44), flags)
    this.links = readU16Le(bytes, at + 48)
    this.informationLength = readU64Le(bytes, at + 56)
    this.modified = readTimestamp(bytes, at + (this.isExtended ? 92 : 84))
    this.extendedAttributesFrom = at + 176 + shift
    this.allocationFrom = this.extendedAttributesFrom + readU32Le(bytes, at + 168 + shift)
    this.allocationTo = this.allocationFrom + readU32Le(bytes, at + 172 + shift)
    if (this.allocationFrom > end) this.allocationFrom = end
    if (this.allocationTo > end) this.allocationTo = end
    return Number.isFinite(this.informationLength)
  }
}

/** As entries have it; what is of no other kind is a file. */
export function kindOfFileType(fileType: number): number {
  switch (fileType) {
    case FileType.directory:
    case FileType.streamDirectory:
      return Kind.directory
    case FileType.symlink:
      return Kind.symlink
    case FileType.blockDevice:
    case FileType.characterDevice:
      return Kind.device
    case FileType.fifo:
      return Kind.fifo
    case FileType.socket:
      return Kind.socket
    default:
      return Kind.file
  }
}

/** ECMA-167 4/14.17.23: only the extended file entry has streams. Null where there are none. */
export function readStreamDirectory(bytes: Uint8Array): LongAllocation | null {
  if (readU16Le(bytes, 0) !== TagId.extendedFileEntry) return null
  const address = readLongAllocation(bytes, 152)
  return address.byteLength === 0 ? null : address
}

/** ECMA-167 4/14.9.5: five bits each for other, group and owner; set-id and sticky bits are in the ICB's flags. */
function modeOf(permissions: number, icbFlags: number): number {
  const rwx = (bits: number): number => ((bits & 4) !== 0 ? 4 : 0) | ((bits & 2) !== 0 ? 2 : 0) | (bits & 1)
  const bits = (rwx(permissions >> 10) << 6) | (rwx(permissions >> 5) << 3) | rwx(permissions)
  return (
    bits |
    ((icbFlags & 0x40) !== 0 ? 0o4000 : 0) |
    ((icbFlags & 0x80) !== 0 ? 0o2000 : 0) |
    ((icbFlags & 0x100) !== 0 ? 0o1000 : 0)
  )
}
