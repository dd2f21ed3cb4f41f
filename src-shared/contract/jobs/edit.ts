import { z } from 'zod'
import { absolutePath, count } from '../shapes'
import { resultBase } from './parts'

/** Writes what a project is now, as a file of its own or in place of the image that it changes. */
export const editJob = {
  start: z.object({
    project: z.string().min(1),
    /** The folder that the file goes to, under a free name; with `replaces` it is where the original lies. */
    destination: absolutePath,
    /** Without extension. */
    name: z.string().min(1).max(200),
    /** It takes the original's place once it is verified; the original is kept beside it. */
    replaces: z.boolean().default(false),
    /** Files that are damaged in the original are left out; otherwise an image with such files is refused. */
    leavesOutDamaged: z.boolean().default(false),
  }),
  result: resultBase.extend({
    bytesWritten: count,
    files: count,
    directories: count,
    /** Names that are others in one of its trees. */
    renamed: count,
    sha256: z.string(),
    project: z.string(),
    /** Where the original is kept that was replaced; null where none was. */
    kept: z.string().nullable(),
  }),
}
