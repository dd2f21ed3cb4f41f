import { z } from 'zod'
import { imageSource } from '../from-image/image-source'
import { confirmedDrive } from '../to-drive/confirmed-drive'

export const writeDriveSpec = z.object({
  kind: z.literal('write-drive'),
  source: imageSource,
  drive: confirmedDrive,
  how: z.enum(['as-is', 'files']).nullable(),
  table: z.enum(['mbr', 'gpt']),
  fit: z.boolean(),
})
export type WriteDriveSpec = z.output<typeof writeDriveSpec>
