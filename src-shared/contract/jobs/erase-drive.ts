import { z } from 'zod'
import { count } from '../shapes'
import { driveIdentity, resultBase } from './parts'

/** An empty drive again: one volume over all of it. */
export const eraseDriveJob = {
  start: z.object({
    drive: driveIdentity,
    /** What was typed; see `write-drive`. */
    confirm: z.string(),
    as: z.enum(['exfat', 'fat32']).default('exfat'),
    label: z.string().max(11).default(''),
  }),
  result: resultBase.extend({ bytesWritten: count, bytesChecked: count }),
}
