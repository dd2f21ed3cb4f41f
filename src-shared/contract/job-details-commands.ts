import { z } from 'zod'
import { command } from './command'
import { absolutePath, count, entryOutcome } from './shapes'

/** The largest part of a file that a question about it shows, in bytes. */
export const PEEK_LIMIT = 1 << 20

/** What is asked about one job, beyond the snapshot that everybody gets. */
export const jobDetailsCommands = {
  /** What became of everything that did not simply get written, in pages; it is kept until the job is dismissed. */
  'job.report': command(
    z.object({ job: z.string(), offset: count.default(0), limit: count.min(1).max(1000).default(500) }),
    z.object({ total: count, outcomes: z.array(entryOutcome) }),
  ),
  /** A job that failed, once more, into another folder; it takes the other's place. Answers its id. */
  'job.retryInto': command(z.object({ job: z.string(), destination: absolutePath }), z.object({ job: z.string() })),
  /**
   * The beginning of one of the two files that a job asks about; null where it cannot be looked into: it is no file,
   * or its image is not open in any window.
   */
  'job.peek': command(
    z.object({ job: z.string(), side: z.enum(['incoming', 'existing']), byteLength: count.max(PEEK_LIMIT) }),
    z.object({ bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array).nullable() }),
  ),
} as const
