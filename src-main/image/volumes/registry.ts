import { apm } from './apm'
import { gpt } from './gpt'
import { mbr } from './mbr'
import type { VolumeMap } from './volume-map'

/** Every table of volumes that is read. Hybrids have several over the same bytes. */
export const VOLUME_MAPS: readonly VolumeMap[] = [mbr, gpt, apm]
