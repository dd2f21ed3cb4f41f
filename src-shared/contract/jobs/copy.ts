import { z } from 'zod'
import { conflictPolicy, localPath } from '../shapes'
import { writtenFiles } from './parts'

/** Files and folders of this computer into a folder. */
export const copyJob = {
  start: z.object({
    paths: z.array(localPath).min(1),
    destination: localPath.min(1),
    conflicts: conflictPolicy.default('ask'),
  }),
  result: writtenFiles,
}
