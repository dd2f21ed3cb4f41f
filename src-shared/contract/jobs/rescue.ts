import { z } from 'zod'
import { absolutePath, count, details } from '../shapes'
import { resultBase } from './parts'

/** Losses that a report names; the counts beside them are of all. */
export const LOSS_LIMIT = 100

/** What can be saved of an image, or was. */
export const rescueReport = z.object({
  /** The image, as it was named. */
  path: z.string(),
  /** Files that are all there, and how many of these a sum proves. */
  saved: count,
  proven: count,
  partial: count,
  lost: count,
  /** Of all files, in bytes: as they should be, and as they can be saved. */
  byteLength: count,
  savedByteLength: count,
  losses: z.array(
    z.object({ path: z.string(), status: z.enum(['partial', 'lost']), why: z.string(), details: details.optional() }),
  ),
  /** A sentence each: what was found beside the image, and what nobody can know. */
  notes: z.array(z.string()),
  /** When, in milliseconds since 1970. */
  at: z.number(),
})
export type RescueReport = z.output<typeof rescueReport>

/** What can be saved of a damaged image: looked for, written as files, or as a repaired image. The image is only read. */
export const rescueJob = {
  start: z
    .object({
      path: absolutePath,
      what: z.enum(['plan', 'files', 'image']),
      /** A folder: what is written gets a free name in it. Empty for a plan, which writes nothing. */
      destination: z.string().default(''),
      /** What becomes of files that are not all there. */
      partial: z.enum(['zeros', 'cut', 'skip']).default('zeros'),
      /** Looks for files that nothing describes by what they begin with. */
      isCarving: z.boolean().default(false),
    })
    .refine(({ what, destination }) => what === 'plan' || destination !== '', 'Say where to.'),
  result: resultBase.extend({
    what: z.enum(['plan', 'files', 'image']),
    report: rescueReport,
    bytesWritten: count,
    /** A sentence for each thing that was put right in a repaired image. */
    repairs: z.array(z.string()),
  }),
}
