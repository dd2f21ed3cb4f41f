import { z } from 'zod'
import { absolutePath, count } from '../shapes'
import { resultBase } from './parts'

/** Images of a watched folder that are new or have changed are read into the catalog. The engine starts it by itself. */
export const indexFolderJob = {
  start: z.object({ folder: absolutePath }),
  result: resultBase.extend({
    /** Those that were read; what is no image after all is among the problems. */
    images: count,
  }),
}
