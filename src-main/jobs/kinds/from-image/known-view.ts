import { z } from 'zod'
import { imageSource } from './image-source'

/** A view of an image as the catalog knows it, and where the image's bytes are. */
export const knownView = z.object({
  source: imageSource,
  imageId: z.number(),
  generation: z.number(),
  view: z.string(),
})
