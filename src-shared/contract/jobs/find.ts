import { z } from 'zod'
import { absolutePath, count, RUNS_LIMIT } from '../shapes'
import { resultBase } from './parts'

/** Finds that a window is told of; the count beside them is of all. */
export const FINDS_TOLD = 200

/** A disc image that was found on a disk. */
export const foundImage = z.object({
  /** From 1, in the order in which they were told. */
  number: count,
  name: z.string(),
  /** Where it begins on the disk, and how long it is, in bytes. */
  byteOffset: count,
  byteLength: count,
  state: z.enum(['proven', 'whole', 'partly-overwritten', 'begins-only']),
  origin: z.enum(['file', 'deleted', 'unnamed']),
  /** Which clusters it had is not recorded any more: they are taken as they follow. */
  isAssumed: z.boolean(),
  /** What it is, in one line; empty where nobody knows. */
  summary: z.string(),
  /** In how many pieces it lies. */
  pieces: count,
  /** As those of `InsideStep`; null where it has to be unpacked first, or lies in more pieces than can be told. */
  runs: z.array(z.number().int().min(-1)).max(RUNS_LIMIT).nullable(),
})
export type FoundImage = z.output<typeof foundImage>

/** Every disc image that a disk, a partition, or an image of one holds; it is only read. */
export const findJob = {
  start: z.object({
    source: absolutePath,
    /** Goes on where an earlier search of it stopped. */
    isResumed: z.boolean().default(false),
  }),
  result: resultBase.extend({
    source: z.string(),
    sourceByteLength: count,
    finds: z.array(foundImage),
    findTotal: count,
    unreadableByteLength: count,
    /** What has been looked at is noted, so that it need not be looked at again. */
    isNoted: z.boolean(),
  }),
}
