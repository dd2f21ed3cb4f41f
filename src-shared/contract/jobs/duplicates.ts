import { z } from 'zod'
import { count } from '../shapes'
import { resultBase } from './parts'

/** Files that are there more than once: within an image by extent and content, across images by size and content. */
export const duplicatesJob = {
  start: z.object({
    /** Null: across every image that is known. */
    image: count.nullable().default(null),
    minByteLength: count.default(1),
    /** Hash files of one size, in images that are there, where that is not known yet. */
    byContent: z.boolean().default(false),
  }),
  result: resultBase.extend({
    /** What `duplicates.rows` takes, until `result.close` or the end of the engine. */
    duplicates: count,
    total: count,
    groupCount: count,
    provenBytes: count,
    possibleBytes: count,
    /** Images that are offline, so that their files could not be hashed. */
    offlineCount: count,
  }),
}
