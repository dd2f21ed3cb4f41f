import { sureIf } from '../../core/likelihood'
import type { VolumeMap } from '../volume-map'
import { GPT_SECTOR_SIZES, readGuidPartitionTable } from './guid-partition-table'

/** UEFI 5.3. */
export const gpt: VolumeMap = {
  id: 'gpt',
  probe: (head) => sureIf(GPT_SECTOR_SIZES.some((size) => head.matches(size, 'EFI PART'))),
  open: (source) => readGuidPartitionTable(source),
}
