import { checkBlock, readPointer, tableEndOf } from '../../../codecs/block-table'
import type { Packing } from '../../../codecs/packing'
import { readZisofsHeader, zisofs, zisofsPacking, type ZisofsEntry } from '../../../codecs/zisofs'
import { ByteReader } from '../../../core/byte-reader'
import type { ByteSource } from '../../../core/byte-source'
import { sumOfRuns } from '../../../core/content-runs'
import type { DiagnosticLog } from '../../../core/diagnostic-log'
import type { EntryColumns } from '../../../core/entry-columns'
import { EntryFlag, Kind, KIND_MASK } from '../../../core/entry-flags'
import { ExtentSource } from '../../../core/sources/extent-source'
import type { RecordCheck } from '../record-check'
import { zisofsTransform } from './zisofs'

/** As much of a file as holds its header and, of all but the longest, all of its pointers. In bytes. */
const LOOKED_AT = 64 << 10

/**
 * Files of a directory that are packed (zisofs): each begins with a header that says again what its record says, and with
 * the places of its blocks. Where the two lengths differ, the number of blocks tells which is right.
 */
export class PackedFiles {
  private waiting: { index: number; entry: ZisofsEntry; byteOffset: number }[] = []

  constructor(
    private readonly structures: ByteSource,
    private readonly check: RecordCheck,
    private readonly log: DiagnosticLog,
  ) {}

  /** @param byteOffset of the directory record */
  add(index: number, entry: ZisofsEntry, byteOffset: number): void {
    this.waiting.push({ index, entry: { ...entry }, byteOffset })
  }

  async settle(columns: EntryColumns): Promise<void> {
    for (const { index, entry, byteOffset } of this.waiting.splice(0)) {
      if (((columns.flags[index] ?? 0) & KIND_MASK) !== Kind.file) continue
      const fault = await this.look(columns, index, entry)
      if (fault === null) continue
      if (((columns.flags[index] ?? 0) & EntryFlag.damaged) !== 0)
        this.log.damage('BROKEN_COMPRESSION', fault, byteOffset)
      else this.check.recordFault('BROKEN_COMPRESSION', fault, byteOffset)
    }
  }

  /** @returns what is wrong; null where nothing is, and where nothing can be told */
  private async look(columns: EntryColumns, index: number, entry: ZisofsEntry): Promise<string | null> {
    const content = columns.runsOf(index)
    // What the record says cannot be, and leaves the file as it is stored: its own header may know better.
    const isImpossible = content?.transform === undefined
    const runs = content?.runs ?? [columns.start[index] ?? 0, columns.length64[index] ?? 0]
    const stored = sumOfRuns(runs)
    const looked = Math.min(LOOKED_AT, stored, tableEndOf(zisofsPacking(entry)))
    const start = await new ExtentSource(this.structures, runs, stored).read(0, looked)
    // What is not in the image is told by where the image ends.
    if (start.byteLength < looked && !isImpossible) return null
    const doubt = (what: string): string => {
      columns.flags[index] = (columns.flags[index] ?? 0) | (isImpossible ? EntryFlag.damaged : EntryFlag.doubtful)
      return `A compressed file ${what}.`
    }
    const own = readZisofsHeader(start, entry.version)
    if (own === null) return doubt(isImpossible ? 'has an impossible header; it is left as stored' : 'has no header')
    if (own.headerLength !== entry.headerLength || own.blockSizeLog2 !== entry.blockSizeLog2)
      return doubt('has another header than its directory record says')
    if (own.byteLength === 0 && entry.byteLength === 0) return null
    const blockCount = countBlocks(start, zisofsPacking(entry))
    const fits = ({ byteLength }: ZisofsEntry): boolean =>
      Math.ceil(byteLength / 2 ** entry.blockSizeLog2) === blockCount
    if (!fits(entry) && !fits(own)) return doubt('has another number of blocks than its length asks for')
    const right = fits(entry) ? entry : own
    if (right !== entry || isImpossible) {
      const transform = zisofsTransform(right, stored)
      if (transform === null) return doubt('has an impossible header; it is left as stored')
      columns.setRuns(index, { runs, transform })
      columns.length64[index] = right.byteLength
      columns.flags[index] = (columns.flags[index] ?? 0) & ~EntryFlag.damaged
    }
    const disorder = findDisorder(start, zisofsPacking(right), blockCount, stored)
    if (disorder !== null) return doubt(disorder)
    if (own.byteLength === entry.byteLength) return null
    // Within the last block both can be right.
    if (fits(entry) && fits(own)) return doubt('says two lengths of itself, both of which can be')
    return 'A compressed file says two lengths of itself: that which its blocks come to is taken.'
  }
}

/** The first block lies behind the pointers, of which there is one more than there are blocks. Not whole where it does not. */
function countBlocks(start: Uint8Array, packing: Packing): number {
  const { byteOffset, pointerLength } = zisofs.table(packing)
  return (readPointer(new ByteReader(start), byteOffset, pointerLength) - byteOffset) / pointerLength - 1
}

/** What is wrong with the places of blocks; null where nothing is. */
function findDisorder(start: Uint8Array, packing: Packing, blockCount: number, stored: number): string | null {
  const { byteOffset, pointerLength } = zisofs.table(packing)
  const reader = new ByteReader(start)
  let before = 0
  for (let block = 0; block <= blockCount; block++) {
    const at = byteOffset + block * pointerLength
    if (!reader.has(at, pointerLength)) break
    const pointer = readPointer(reader, at, pointerLength)
    if (pointer > stored) return 'goes on behind the bytes that are recorded of it'
    try {
      if (block > 0) checkBlock(before, pointer, packing)
    } catch {
      return 'has block pointers out of order'
    }
    before = pointer
  }
  return null
}
