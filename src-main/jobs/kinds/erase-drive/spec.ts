import { z } from 'zod'
import { confirmedDrive } from '../to-drive/confirmed-drive'

export const eraseDriveSpec = z.object({
  kind: z.literal('erase-drive'),
  drive: confirmedDrive,
  as: z.enum(['exfat', 'fat32']),
  label: z.string(),
})
export type EraseDriveSpec = z.output<typeof eraseDriveSpec>
