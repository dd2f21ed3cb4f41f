import type { ByteSource } from '../../../core/byte-source'
import type { DiagnosticLog } from '../../../core/diagnostic-log'
import type { EntryColumns } from '../../../core/entry-columns'
import { isBlockMode, linuxDevice, type DeviceNumber } from '../../../core/device-number'
import { EntryFlag, Kind, KIND_MASK, kindOfMode } from '../../../core/entry-flags'
import { readDirectoryDateTime } from '../../../core/date-time'
import { sectionRuns } from '../../../core/file-sections'
import type { RockRidgeRecord } from './rock-ridge-record'
import { sparseTransform } from './sparse'
import { zisofsTransform } from './zisofs'

/** What a Rock Ridge record needs to know of the volume that it is in. */
export interface RecordContext {
  volume: ByteSource
  blockSize: number
  /** In blocks. */
  blockDelta: number
  log: DiagnosticLog
}

/** Owner, mode and time; the record's own date where no TF gives a better one. */
export function applyAttributes(
  columns: EntryColumns,
  index: number,
  rr: RockRidgeRecord,
  bytes: Uint8Array,
  at: number,
): void {
  if (rr.hasMode) {
    columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.hasMode | EntryFlag.hasOwner
    columns.mode[index] = rr.mode & 0o7777
    columns.uid[index] = rr.uid
    columns.gid[index] = rr.gid
  }
  if (rr.hasForeignAttributes) columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.hasAttributes
  columns.modified[index] = Number.isNaN(rr.modified) ? readDirectoryDateTime(bytes, at + 18) : rr.modified
}

/** Everything that the system use entries of a record say about its entry, which has its plain kind and place already. */
export function applyRockRidge(
  columns: EntryColumns,
  index: number,
  rr: RockRidgeRecord,
  bytes: Uint8Array,
  at: number,
  context: RecordContext,
): void {
  applyAttributes(columns, index, rr, bytes, at)
  const flags = columns.flags[index] ?? 0
  if (rr.childLocation >= 0) {
    // RRIP 4.1.5.1: the directory that was moved away for depth belongs here. Its length is in its own `.`.
    columns.flags[index] = (flags & ~7) | Kind.directory | EntryFlag.attributesFromSelf
    columns.start[index] = (rr.childLocation + context.blockDelta) * context.blockSize
    columns.length64[index] = 2048
    return
  }
  if ((flags & 7) === Kind.directory) return
  if (rr.sumIndex > 0) columns.setSumIndex(index, rr.sumIndex)
  if (rr.hasMode) {
    const kind = kindOfMode(rr.mode)
    // A file record cannot be a directory, whatever PX says: there is nothing below it.
    if (kind !== Kind.directory) columns.flags[index] = (columns.flags[index] ?? 0) | kind
  } else if (rr.isDevice) {
    columns.flags[index] = (columns.flags[index] ?? 0) | Kind.device
  }
  if (rr.isDevice && ((columns.flags[index] ?? 0) & KIND_MASK) === Kind.device) columns.setDevice(index, deviceOf(rr))
  if (rr.target.present && (!rr.hasMode || kindOfMode(rr.mode) === Kind.symlink)) {
    columns.flags[index] = ((columns.flags[index] ?? 0) & ~7) | Kind.symlink
    columns.setTargetBytes(index, rr.target.value)
    if (!isAscii(rr.target.value)) columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.oddName
  }
  // Empty files have no place of their own that could tell whether they are one.
  if (rr.links > 1 && (columns.length64[index] ?? 0) > 0) {
    columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.linked
    columns.serial[index] = rr.serial
  }
  if (rr.isPackedOddly) {
    context.log.damage('BROKEN_COMPRESSION', 'A file is packed by a method that is not known.', columns.start[index])
    columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.damaged
  }
  if (rr.zisofs !== null || rr.sparse !== null) applyTransform(columns, index, rr, bytes, at, context)
}

function applyTransform(
  columns: EntryColumns,
  index: number,
  rr: RockRidgeRecord,
  bytes: Uint8Array,
  at: number,
  { volume, blockSize, blockDelta, log }: RecordContext,
): void {
  const stored = columns.length64[index] ?? 0
  const runs = sectionRuns(bytes, at, columns.start[index] ?? 0, stored, blockSize)
  const transform =
    rr.zisofs !== null
      ? zisofsTransform(rr.zisofs, stored)
      : rr.sparse !== null
        ? sparseTransform(rr.sparse, volume, blockSize, blockDelta)
        : null
  if (transform === null) {
    columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.damaged
    // The file's own header may tell what its record does not.
    if (rr.zisofs !== null) return
    log.damage('BROKEN_COMPRESSION', 'A compressed file has an impossible header; it is left as stored.')
    return
  }
  if (rr.zisofs === null) {
    log.warn(
      'SPARSE_FILE',
      'A file is recorded as sparse, which no known program writes: compare it with its original.',
    )
  }
  columns.setRuns(index, { runs, transform })
  columns.length64[index] = rr.zisofs?.byteLength ?? rr.sparse?.byteLength ?? stored
}

function isAscii(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte >= 0x80) return false
  return true
}

/**
 * Writers differ in what the halves are: of a number of 64 bits as the GNU C library makes it, whose upper half is 0 for
 * all that Linux has, or the major and the minor number themselves, as mkisofs once wrote them.
 */
function deviceOf({ deviceHigh: high, deviceLow: low, mode, hasMode }: RockRidgeRecord): DeviceNumber {
  const isBlock = hasMode && isBlockMode(mode)
  if (high > 0 && high <= 0xfff) return { major: high, minor: low, isBlock }
  const { major, minor } = linuxDevice(low, isBlock)
  return { major: major + (high & ~0xfff), minor, isBlock }
}
