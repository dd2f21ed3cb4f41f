import { z } from 'zod'
import { hashAlgorithm } from '../library-shapes'
import { count, entrySelection } from '../shapes'
import { openImage, resultBase } from './parts'

/** Hashes of files at or below entries that are not known yet; the catalog keeps them, nothing else is written. */
export const hashJob = {
  start: z.object({
    ...openImage,
    view: z.string(),
    /** With all that is below them; null: the whole view. */
    entries: entrySelection.nullable(),
    algorithm: hashAlgorithm,
  }),
  result: resultBase.extend({
    /** Files whose hash is known now. */
    files: count,
    byteLength: count,
  }),
}
