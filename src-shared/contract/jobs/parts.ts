import { z } from 'zod'
import { absolutePath, count } from '../shapes'

/** What several kinds of jobs have in common. */

/** An image that is open: it names itself and its state, so that a job never works on another one than was meant. */
export const openImage = { image: count, generation: count }

/** What every result has: how much of what was asked for did not come out as asked. */
export const resultBase = z.object({ problems: count })

/** Of jobs that write files. */
export const writtenFiles = resultBase.extend({
  files: count,
  directories: count,
  symlinks: count,
  bytesWritten: count,
  /** The image says that it came from the network, and what was written could not be made to say so. */
  isUnmarked: z.boolean().optional(),
  /** Extended attributes that the destination, or the rights of whoever writes there, did not take. */
  lostAttributes: z.object({ count, path: z.string(), names: z.array(z.string()) }).optional(),
})

/** A drive as it was when a person confirmed what happens to it; whatever is there later is compared with that. */
export const driveIdentity = z.object({
  id: z.string(),
  path: absolutePath,
  byteLength: count,
  model: z.string(),
  serial: z.string(),
  diskSequence: z.string().nullable(),
})
