import { z } from 'zod'
import { IMAGE_PRESETS, imageMore } from '../../../../src-shared/contract/jobs'
import { imageSource } from '../from-image/image-source'

/** One thing that was done to a project. Paths are those of the image that is put together, without a slash in front. */
export const projectOperation = z.discriminatedUnion('op', [
  /** Files and folders of this computer go into a folder, under their own names. */
  z.object({ op: z.literal('add'), paths: z.array(z.string()), at: z.string() }),
  /** Entries of an image do. */
  z.object({
    op: z.literal('addEntries'),
    source: imageSource,
    view: z.string(),
    /** Null: everything in the image. */
    paths: z.array(z.string()).nullable(),
    at: z.string(),
  }),
  z.object({ op: z.literal('folder'), path: z.string(), modified: z.number() }),
  z.object({ op: z.literal('delete'), paths: z.array(z.string()) }),
  z.object({ op: z.literal('rename'), path: z.string(), to: z.string() }),
  z.object({ op: z.literal('move'), paths: z.array(z.string()), at: z.string() }),
  z.object({ op: z.literal('label'), label: z.string() }),
])
export type ProjectOperation = z.output<typeof projectOperation>

/** What an image is to be: what it begins with, and everything that is done to that. Enough to make it anew. */
export const projectOutline = z.object({
  /** The image that is changed; null for a new one. */
  base: z
    .object({
      source: imageSource,
      view: z.string(),
      /** Of its file, in bytes and milliseconds since 1970: another file at its place is not what was changed. */
      byteLength: z.number(),
      modified: z.number().nullable(),
    })
    .nullable(),
  /** When the root of a new image was made, in milliseconds since 1970. */
  created: z.number(),
  preset: z.enum(IMAGE_PRESETS),
  keepsSums: z.boolean(),
  more: imageMore.default({}),
  operations: z.array(projectOperation),
})
export type ProjectOutline = z.output<typeof projectOutline>
