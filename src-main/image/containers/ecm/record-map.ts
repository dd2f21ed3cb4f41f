import { because } from '../../../../src-shared/model'
import { SourceError, type ByteSource } from '../../core/byte-source'
import { andThen } from '../../core/maybe-promise'
import type { DiskMap, Run } from '../disk/disk-source'
import { writeParity } from '../sectors/ecc'
import { finishModeOne, MODE_ONE_DATA_AT, RAW_SECTOR, writeSum } from '../sectors/make-sector'
import { RecordType, RESTORED, STORED, type Records } from './records'

/** Sectors that are made whole at a time. */
const GROUP = 32

/** Sectors with their sync, sums and parity made again (ECMA-130 14, CD-ROM XA II.4). */
export class RecordMap implements DiskMap {
  /** @param name of the file, for sentences */
  constructor(
    private readonly file: ByteSource,
    private readonly name: string,
    private readonly records: Records,
  ) {}

  at(byteOffset: number, byteLength: number): Run {
    const { types, starts, places } = this.records
    const index = this.indexAt(byteOffset)
    const type = types[index] ?? 0
    const start = starts[index] ?? 0
    const place = places[index] ?? 0
    const within = byteOffset - start
    const length = Math.min(byteLength, (starts[index + 1] ?? 0) - byteOffset)
    if (type === RecordType.literal)
      return { kind: 'stored', byteLength: length, source: this.file, byteOffset: place + within }
    const restored = RESTORED[type] ?? RAW_SECTOR
    const stored = STORED[type] ?? RAW_SECTOR
    const group = Math.floor(within / (restored * GROUP))
    const groupStart = group * restored * GROUP
    const count = Math.min(GROUP, ((starts[index + 1] ?? 0) - start - groupStart) / restored)
    return {
      kind: 'packed',
      byteLength: Math.min(length, count * restored - (within - groupStart)),
      block: start + groupStart,
      within: within - groupStart,
      unpack: () =>
        andThen(this.file.read(place + group * GROUP * stored, count * stored), (bytes) => {
          if (bytes.byteLength < count * stored)
            throw new SourceError('CONTENT_DAMAGED', `“${this.name}” ends before its last sector.`, {
              details: because('endsEarly', { name: this.name }),
            })
          return restore(bytes, type, count)
        }),
    }
  }

  /** The record with the byte. */
  private indexAt(byteOffset: number): number {
    const { starts, count } = this.records
    let low = 0
    let high = count - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if ((starts[middle] ?? 0) <= byteOffset) low = middle
      else high = middle - 1
    }
    return low
  }
}

function restore(bytes: Uint8Array, type: number, count: number): Uint8Array {
  const stored = STORED[type] ?? RAW_SECTOR
  const restored = RESTORED[type] ?? RAW_SECTOR
  const out = new Uint8Array(count * restored)
  const sector = new Uint8Array(RAW_SECTOR)
  for (let index = 0; index < count; index++) {
    const from = bytes.subarray(index * stored, (index + 1) * stored)
    sector.fill(0)
    if (type === RecordType.modeOne) restoreModeOne(sector, from)
    else restoreModeTwo(sector, from, type === RecordType.formOne)
    // Of sectors of mode 2, sync and header stand in front of them as they are.
    out.set(sector.subarray(RAW_SECTOR - restored), index * restored)
  }
  return out
}

function restoreModeOne(sector: Uint8Array, from: Uint8Array): void {
  sector.set(from.subarray(3), MODE_ONE_DATA_AT)
  finishModeOne(sector, from.subarray(0, 3))
}

function restoreModeTwo(sector: Uint8Array, from: Uint8Array, isFormOne: boolean): void {
  sector[15] = 2
  sector.set(from.subarray(0, 4), 16)
  sector.set(from, 20)
  writeSum(sector, 16, isFormOne ? 2072 : 2348)
  if (isFormOne) writeParity(sector)
}
