import { z } from 'zod'
import { command } from './command'
import { trustReport } from './jobs'
import { imageLocation } from './shapes'

export const trustCommands = {
  /** What was found out when an image was last checked; null where it never was, or its file has changed since. */
  'trust.report': command(z.object({ location: imageLocation }), z.object({ report: trustReport.nullable() })),
} as const
