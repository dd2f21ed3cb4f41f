import { z } from 'zod'
import { absolutePath, conflictPolicy } from '../shapes'
import { writtenFiles } from './parts'

/** Files and folders of this computer to another folder. */
export const moveJob = {
  start: z.object({
    paths: z.array(absolutePath).min(1),
    destination: absolutePath,
    conflicts: conflictPolicy.default('ask'),
  }),
  result: writtenFiles,
}
