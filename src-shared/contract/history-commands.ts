import { z } from 'zod'
import { command } from './command'
import { jobMessage, jobProblem, jobResult } from './jobs'
import { count } from './shapes'

/** A job that is over, as it is remembered after it has left the queue. */
export const historyEntry = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.enum(['done', 'failed', 'cancelled']),
  title: jobMessage,
  sourceName: z.string(),
  destination: z.string(),
  result: jobResult.nullable(),
  error: jobProblem.nullable(),
  createdAt: z.number(),
  /** In milliseconds since 1970, as `createdAt`. */
  startedAt: z.number(),
  endedAt: z.number(),
  /** Set once what it wrote was removed again, as far as it had not changed. */
  undone: z.object({ at: z.number(), removed: count, kept: count }).nullable(),
  /** What it wrote can be removed. */
  canUndo: z.boolean().default(false),
})
export type HistoryEntry = z.output<typeof historyEntry>

/** Jobs that are over, in the queue or out of it, across starts of the program. */
export const historyCommands = {
  /** The latest first. */
  'history.list': command(
    z.object({ offset: count.default(0), limit: count.min(1).max(500).default(200) }),
    z.object({ total: count, entries: z.array(historyEntry) }),
  ),
  /** Removes what an extraction wrote, where nobody has changed it since; everything else stays. */
  'history.undo': command(
    z.object({ job: z.string() }),
    z.object({ removed: count, kept: count, keptPaths: z.array(z.string()) }),
  ),
  'history.clear': command(z.object({}).default({}), z.object({})),
} as const
