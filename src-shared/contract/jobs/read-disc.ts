import { z } from 'zod'
import { absolutePath, count } from '../shapes'
import { resultBase } from './parts'

/** An image of a disc or a drive, as far as it can be read; ranges that cannot be are among its problems. */
export const readDiscJob = {
  start: z.object({
    /** A drive, or a file in its place. */
    source: absolutePath,
    /** The image to be made; a map of what was read lies beside it until it is whole. */
    target: absolutePath,
    retries: count.default(1),
    reverse: z.boolean().default(false),
  }),
  result: resultBase.extend({
    bytesRead: count,
    byteLength: count,
    /** Null where something is missing. */
    sha256: z.string().nullable(),
    damagedFiles: count,
  }),
}
