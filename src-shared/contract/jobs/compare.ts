import { z } from 'zod'
import { comparisonCounts, hashAlgorithm, viewRef } from '../library-shapes'
import { count } from '../shapes'
import { resultBase } from './parts'

/** Two views against each other; with `content`, files of one size are hashed where that is not known yet. */
export const compareJob = {
  start: z.object({ left: viewRef, right: viewRef, content: hashAlgorithm.nullable().default(null) }),
  result: resultBase.extend({
    /** What `compare.rows` takes, until `result.close` or the end of the engine. */
    comparison: count,
    total: count,
    counts: comparisonCounts,
  }),
}
