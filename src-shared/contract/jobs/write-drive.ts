import { z } from 'zod'
import { count } from '../shapes'
import { driveIdentity, openImage, resultBase } from './parts'

/** An image onto a drive, everything on which is lost. */
export const writeDriveJob = {
  start: z.object({
    ...openImage,
    drive: driveIdentity,
    /** What was typed. It is not kept: a job that was not done with the program does not go on. */
    confirm: z.string(),
    /** Null: as suits the image. */
    how: z.enum(['as-is', 'files']).nullable().default(null),
    table: z.enum(['mbr', 'gpt']).default('mbr'),
    fit: z.boolean().default(false),
  }),
  result: resultBase.extend({
    how: z.enum(['as-is', 'files']),
    bytesWritten: count,
    bytesChecked: count,
    sha256: z.string(),
  }),
}
