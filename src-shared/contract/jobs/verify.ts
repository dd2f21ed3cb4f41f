import { z } from 'zod'
import { count, details } from '../shapes'
import { openImage, resultBase } from './parts'

/** Lines that a report holds of each kind; the counts beside them are of all. */
export const REPORT_LIMIT = 100

/** Equal cells that the map of an image’s bytes is told by. */
export const MAP_CELLS = 720
/** The gravest state in a cell, in one letter. */
export const CELL_STATES = { proven: 'p', present: 'o', suspect: 's', bad: 'b', unread: 'u', missing: 'm' } as const
/** Paths of damaged files that a report holds. */
export const DAMAGED_LIMIT = 1000

/** What was found out about an image. Checks that did not pass come first. */
export const trustReport = z.object({
  /** Where the image lies, as it was opened. */
  path: z.string(),
  inside: z.array(z.string()),
  verdict: z.enum(['passed', 'failed', 'nothing-to-check']),
  checks: z.array(
    z.object({
      kind: z.string(),
      verdict: z.enum(['passed', 'failed', 'unreadable']),
      detail: z.string(),
      details: details.optional(),
      proves: z.enum(['consistency', 'integrity', 'authenticity']),
    }),
  ),
  checkTotal: count,
  /** Ranges of the image's blocks that are neither proven nor present. */
  damage: z.array(
    z.object({ byteOffset: count, byteLength: count, state: z.string(), by: z.string(), paths: z.array(z.string()) }),
  ),
  damageTotal: count,
  /** Files that are known to be damaged; others may be, inside of a sum over more that fails. */
  damagedFiles: count,
  /** Of the image, with what is missing at its end. */
  byteLength: count,
  /** Those files, the first of them; absent in reports of earlier versions, as the map is. */
  damagedPaths: z.array(z.string()).max(DAMAGED_LIMIT).optional(),
  /** A letter of {@link CELL_STATES} for each of the equal cells of `byteLength`. */
  cells: z.string().max(MAP_CELLS).optional(),
  missingByteLength: count,
  /** Bytes that a sum proves. */
  provenByteLength: count,
  signatures: z.array(
    z.object({
      verdict: z.enum(['genuine', 'unknown-key', 'bad', 'not-valid']),
      name: z.string(),
      over: z.string(),
      fingerprint: z.string(),
      signer: z.string(),
      reason: z.string(),
      /** Over the whole image, or its sum; else over a list of some of its files. */
      isOfImage: z.boolean(),
      /** A key beside the image that would fit, and proves nothing by itself; absent where there is none. */
      offered: z.object({ path: z.string(), fingerprint: z.string(), owner: z.string() }).optional(),
    }),
  ),
  /** What it is, in one line, and what says so. */
  identity: z.object({
    summary: z.string(),
    evidence: z.array(z.object({ claim: z.string(), where: z.string(), value: z.string() })),
  }),
  /** When, in milliseconds since 1970. */
  checkedAt: z.number(),
})
export type TrustReport = z.output<typeof trustReport>

/** Every check that an image carries; nothing is written. What did not pass is among the job's problems. */
export const verifyJob = {
  start: z.object({
    ...openImage,
    view: z.string(),
    /** Looks into files that carry sums of their own content. */
    isDeep: z.boolean().default(false),
  }),
  result: resultBase.extend({
    /** Sums that the image was given to be checked by; its length and its directories are checked besides. */
    sums: count,
    /** Absent in jobs of earlier versions. */
    report: trustReport.optional(),
  }),
}
