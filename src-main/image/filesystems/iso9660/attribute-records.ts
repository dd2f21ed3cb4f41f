import { isAllZero, readU16Be, readU16Le } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { EntryColumns } from '../../core/entry-columns'
import type { RecordCheck } from './record-check'

/** Bytes of the fields that every record has (ECMA-119 9.5). */
const FIXED_LENGTH = 250
const SECTOR = 2048

/** Files of a directory that are said to have an extended attribute record before them (ECMA-119 9.1.3, 9.5). */
export class AttributeRecords {
  private waiting: { index: number; byteLength: number; byteOffset: number }[] = []

  constructor(
    private readonly structures: ByteSource,
    private readonly check: RecordCheck,
  ) {}

  /** @param byteLength of the extended attribute record; @param byteOffset of the directory record */
  add(index: number, byteLength: number, byteOffset: number): void {
    this.waiting.push({ index, byteLength, byteOffset })
  }

  /** A file whose extended attribute record is none begins where that was to be. */
  async settle(columns: EntryColumns): Promise<void> {
    for (const { index, byteLength, byteOffset } of this.waiting.splice(0)) {
      const start = (columns.start[index] ?? 0) - byteLength
      if (isAttributeRecord(await this.structures.read(start, SECTOR))) continue
      columns.start[index] = start
      const message = 'A record speaks of extended attributes, but there are none before its file.'
      this.check.recordFault('EXTENDED_ATTRIBUTES_MISSING', message, byteOffset)
    }
  }
}

/**
 * Owner and group in both byte orders, and at the position 181 the version, which is 1. What is left blank says nothing,
 * and was meant to be one.
 */
function isAttributeRecord(bytes: Uint8Array): boolean {
  if (bytes.byteLength < FIXED_LENGTH) return false
  if (isAllZero(bytes.subarray(0, FIXED_LENGTH))) return true
  return bytes[180] === 1 && readU16Le(bytes, 0) === readU16Be(bytes, 2) && readU16Le(bytes, 4) === readU16Be(bytes, 6)
}
