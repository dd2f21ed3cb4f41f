import { z } from 'zod'
import { absolutePath, count, insideStep } from '../shapes'
import { resultBase } from './parts'

/** Copies of disc images that were found, in a folder on another disk; each is checked once it is there. */
export const saveFindsJob = {
  start: z.object({
    source: absolutePath,
    /** How long the disk was that was searched: what has another length is another disk. */
    sourceByteLength: count,
    finds: z
      .array(z.object({ name: z.string().min(1), runs: insideStep.shape.runs.unwrap() }))
      .min(1)
      .max(1000),
    destination: absolutePath,
  }),
  result: resultBase.extend({
    bytesWritten: count,
    saved: z.array(
      z.object({
        path: z.string(),
        byteLength: count,
        verdict: z.enum(['passed', 'failed', 'nothing-to-check']),
        /** What is wrong with it: a sentence; null for nothing. */
        problem: z.string().nullable(),
      }),
    ),
  }),
}
