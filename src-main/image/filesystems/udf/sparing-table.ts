import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { hasValidCrc, readTag } from './descriptor-tag'

/**
 * UDF 2.2.12: the map names up to four copies of a table; the one with the highest sequence number prevails, and one whose
 * sums fit before any other.
 * @returns first blocks of packets to the sectors that replace them
 */
export async function readSparingTable(
  source: ByteSource,
  map: ByteReader,
  sectorSize: number,
  log: DiagnosticLog,
): Promise<Map<number, number>> {
  const tables: { table: ByteReader; isSound: boolean }[] = []
  /** The first copy that is no table, or is damaged. */
  let lost: number | null = null
  const copies = Math.min(map.u8(42), 4)
  const byteLength = Math.min(map.u32Le(44), 1 << 20)
  for (let copy = 0; copy < copies; copy++) {
    const byteOffset = map.u32Le(48 + copy * 4) * sectorSize
    const table = new ByteReader(await source.read(byteOffset, byteLength))
    const isTable = table.matches(17, '*UDF Sparing Table')
    const isSound = isTable && readTag(table).isSound && hasValidCrc(table)
    if (!isSound) lost ??= byteOffset
    if (isTable) tables.push({ table, isSound })
  }
  const spares = new Map<number, number>()
  const [best] = tables.toSorted(
    (a, b) => Number(b.isSound) - Number(a.isSound) || b.table.u32Le(52) - a.table.u32Le(52),
  )
  if (copies === 0) {
    log.warn('UDF_SPARING_TABLE_MISSING', 'The volume names no sparing table; blocks are read where they were.')
    return spares
  }
  if (best === undefined) {
    const message = 'The sparing table is unreadable: files whose blocks were replaced are other than recorded.'
    log.damage('UDF_SPARING_TABLE_MISSING', message, lost ?? undefined)
    return spares
  }
  // Copies that are alike were written so, whatever their sums say.
  const isAlike = tables.some((other) => other !== best && areAlike(other.table, best.table))
  if (!best.isSound && !isAlike) {
    const message =
      'The sum of the sparing table does not fit: files whose blocks were replaced may be other than recorded.'
    log.damage('UDF_SPARING_TABLE_DAMAGED', message, lost ?? undefined)
  } else if (best.isSound && lost !== null) {
    log.recovered('UDF_SPARING_COPY_USED', 'A copy of the sparing table is damaged; another is used.', lost)
  }
  const { table } = best
  const count = Math.min(table.u16Le(48), Math.floor((table.byteLength - 56) / 8))
  for (let index = 0; index < count; index++) {
    const original = table.u32Le(56 + index * 8)
    const spare = table.u32Le(60 + index * 8)
    // 0xFFFFFFFF is a free spare, 0xFFFFFFF0 a defective one; sector 0 is never one, but fills tables that are too short.
    if (original < 0xfffffff0 && spare !== 0) spares.set(original, spare)
  }
  return spares
}

/** But for their tags, which hold their places. */
function areAlike(a: ByteReader, b: ByteReader): boolean {
  return a.byteLength === b.byteLength && a.bytes.every((byte, index) => index < 16 || byte === b.bytes[index])
}
