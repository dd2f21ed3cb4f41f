import type { ByteMap } from '../image/core/byte-map'
import type { SectorLayout } from '../image/containers/sectors/raw-sectors'
import { fitsEdc, mendSector } from '../image/containers/sectors/sector-repair'
import type { Control } from '../task'
import type { Dispute } from './copies'
import type { RescuedSource } from './rescued-source'

const RAW = 2352
const CHUNK_SECTORS = 256

/**
 * Compares every raw sector with its own sum, takes another copy's where one fits, and mends it by P and Q parity where
 * none does.
 * @returns how many were mended by parity
 */
export async function mendRawSectors(
  rescued: RescuedSource,
  layout: SectorLayout,
  map: ByteMap,
  disputes: readonly Dispute[],
  control: Control,
): Promise<number> {
  const disputed = new Map(disputes.map((dispute) => [dispute.unit, dispute]))
  const { stride } = layout
  const total = Math.floor(rescued.byteLength / stride)
  let mended = 0
  for (let sector = 0; sector < total; sector += CHUNK_SECTORS) {
    const wait = control.checkpoint()
    if (wait) await wait
    control.progress({ bytesDone: sector * stride, bytesTotal: rescued.byteLength })
    const count = Math.min(CHUNK_SECTORS, total - sector)
    const raw = rescued.read(sector * stride, count * stride)
    for (let i = 0; i < count; i++) {
      const range = { byteOffset: (sector + i) * stride, byteLength: stride }
      const fits = fitsEdc(raw, i * stride)
      if (fits === null) continue
      if (fits) {
        map.mend({ ...range, state: 'proven', by: 'EDC' })
        continue
      }
      const by = await mend(raw.slice(i * stride, (i + 1) * stride), sector + i)
      if (by === 'P and Q') mended++
      if (by !== null) map.mend({ ...range, state: 'proven', by })
      else map.mark({ ...range, state: 'bad', by: 'EDC' })
    }
  }
  return mended

  async function mend(own: Uint8Array, sector: number): Promise<string | null> {
    for (const { source, name } of disputed.get(sector)?.candidates ?? []) {
      const other = await source.read(sector * stride, stride)
      if (other.byteLength < stride || fitsEdc(other, 0) !== true) continue
      rescued.put(sector, other)
      return name
    }
    const head = own.slice(0, RAW)
    if (!mendSector(head, layout.dataOffset === 24)) return null
    own.set(head)
    rescued.put(sector, own)
    return 'P and Q'
  }
}
