import { sureIf } from '../../core/likelihood'
import type { VolumeMap } from '../volume-map'
import { readGuidPartitions } from './guid-partition-table'
import { GPT_SECTOR_SIZES, HEADER_MARK } from '../../core/guid-table'
import { protectionOf } from './protective-record'

/** UEFI 5.3. */
export const gpt: VolumeMap = {
  id: 'gpt',
  probe: (head) =>
    sureIf(GPT_SECTOR_SIZES.some((size) => head.matches(size, HEADER_MARK)) || protectionOf(head).kind === 'alone'),
  open: readGuidPartitions,
}
