import { z } from 'zod'
import { count } from '../shapes'
import { openImage, resultBase } from './parts'

/** Every check that an image carries; nothing is written. What did not pass is among the job's problems. */
export const verifyJob = {
  start: z.object({ ...openImage, view: z.string() }),
  result: resultBase.extend({
    /** Sums that the image was given to be checked by; its length and its directories are checked besides. */
    sums: count,
  }),
}
