import { z } from 'zod'
import { projectOutline } from '../from-project/project-shapes'

/** Everything that the image is made of is in it: a write that was cut off begins anew, whatever the project is by then. */
export const editSpec = z.object({
  kind: z.literal('edit'),
  project: z.string(),
  outline: projectOutline,
  destination: z.string(),
  name: z.string(),
  replaces: z.boolean(),
  leavesOutDamaged: z.boolean(),
})
export type EditSpec = z.output<typeof editSpec>
