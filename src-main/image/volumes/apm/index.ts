import { sureIf } from '../../core/likelihood'
import type { VolumeMap } from '../volume-map'
import { mapBlockSize, readApplePartitionMap } from './apple-partition-map'

/** The Apple partition map (Inside Macintosh: Devices, 3-25). */
export const apm: VolumeMap = {
  id: 'apm',
  probe: (head) => sureIf(mapBlockSize(head) !== undefined),
  open: readApplePartitionMap,
}
