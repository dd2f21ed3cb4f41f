import { z } from 'zod'
import { absolutePath, count } from '../shapes'
import { resultBase } from './parts'

/** How much of an image its error correction may make up for, in percent of the image. */
export const REDUNDANCY = { least: 3.3, most: 200, usual: 20 } as const

/** A file of error correction beside an image, from which damage of it is repaired later. */
export const protectJob = {
  start: z.object({
    path: absolutePath,
    redundancy: z.number().min(REDUNDANCY.least).max(REDUNDANCY.most).default(REDUNDANCY.usual),
    /** Existing error correction is made anew. Otherwise it is `NAME_TAKEN`. */
    isReplacing: z.boolean().default(false),
  }),
  result: resultBase.extend({
    bytesWritten: count,
    /** Of so many sectors of the image in a row, `eccLayers` may be lost. */
    dataLayers: count,
    eccLayers: count,
  }),
}
