import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'

/** UDF 2.2.12: the map names up to four copies of a table; the one with the highest sequence number prevails. */
export async function readSparingTable(
  source: ByteSource,
  map: ByteReader,
  sectorSize: number,
  log: DiagnosticLog,
): Promise<Map<number, number>> {
  let best: ByteReader | null = null
  const copies = Math.min(map.u8(42), 4)
  const byteLength = Math.min(map.u32Le(44), 1 << 20)
  for (let copy = 0; copy < copies; copy++) {
    const table = new ByteReader(await source.read(map.u32Le(48 + copy * 4) * sectorSize, byteLength))
    if (!table.matches(17, '*UDF Sparing Table')) continue
    if (best === null || table.u32Le(52) > best.u32Le(52)) best = table
  }
  const spares = new Map<number, number>()
  if (best === null) {
    log.warn('UDF_SPARING_TABLE_MISSING', 'The sparing table is unreadable; replaced blocks read as they were.')
    return spares
  }
  const count = Math.min(best.u16Le(48), Math.floor((best.byteLength - 56) / 8))
  for (let index = 0; index < count; index++) {
    const original = best.u32Le(56 + index * 8)
    const spare = best.u32Le(60 + index * 8)
    // 0xFFFFFFFF is a free spare, 0xFFFFFFF0 a defective one; sector 0 is never one, but fills tables that are too short.
    if (original < 0xfffffff0 && spare !== 0) spares.set(original, spare)
  }
  return spares
}
