import { z } from 'zod'
import { absolutePath, count, localPath } from '../shapes'
import { openImage, resultBase } from './parts'

/** The blocks inside any container as a plain image, under a free name in a folder. */
export const convertJob = {
  start: z.object({
    ...openImage,
    destination: absolutePath,
    /** What the image is called, without its extension; null: as the one that it is made of. */
    name: localPath.min(1).nullable().default(null),
  }),
  result: resultBase.extend({ bytesWritten: count }),
}
