import { z } from 'zod'
import { count } from '../shapes'
import { openImage, resultBase } from './parts'

/** The images that an image carries are read into the catalog, and those that lie in these. */
export const indexInsideJob = {
  start: z.object({
    ...openImage,
    /** Also what is large, or known already: somebody has asked for it. */
    isEverything: z.boolean().default(true),
  }),
  result: resultBase.extend({
    /** Those that were read; what cannot be is among the problems. */
    images: count,
  }),
}
