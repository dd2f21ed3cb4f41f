import { z } from 'zod'
import type { JobMessage } from '../../../../src-shared/model'
import { lastName } from '../last-name'
import { imageSource } from './image-source'

/** What is taken out of an image: all of a view, entries by their paths, or many of one directory. */
export const entriesSpec = z.object({
  source: imageSource,
  view: z.string(),
  /** Null for the whole view. */
  paths: z.array(z.string()).nullable(),
  /** Many entries of one directory, in place of paths; absent in jobs of older versions, and where few are named. */
  children: z
    .object({
      directory: z.string(),
      ranges: z.array(z.number()),
      childCount: z.number(),
      firstName: z.string(),
      lastName: z.string(),
    })
    .optional(),
  destination: z.string(),
})

/** “Extracting from debian.iso to Downloads”. */
export function entriesTitle({ source, destination }: z.output<typeof entriesSpec>): JobMessage {
  return { code: 'title', parameters: { source: source.name, destination: lastName(destination) } }
}
