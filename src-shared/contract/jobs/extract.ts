import { z } from 'zod'
import { absolutePath, conflictPolicy, entrySelection, namePattern, NO_ATTRIBUTES, takenAttributes } from '../shapes'
import { openImage, writtenFiles } from './parts'

/** Entries of an image into a folder. */
export const extractJob = {
  start: z.object({
    ...openImage,
    view: z.string(),
    /** Null: the whole view. */
    entries: entrySelection.nullable(),
    destination: absolutePath,
    conflicts: conflictPolicy.default('ask'),
    /** One top-level item as it is, several into a folder named after the image. */
    smart: z.boolean().default(false),
    /** Keep the paths from the view's root instead of from the folder shown. */
    keepPaths: z.boolean().default(false),
    /** Another name: of the one entry that is extracted, or of a folder to make for several. */
    rename: z.string().nullable().default(null),
    names: namePattern.default(null),
    attributes: takenAttributes.default(NO_ATTRIBUTES),
  }),
  result: writtenFiles,
}
