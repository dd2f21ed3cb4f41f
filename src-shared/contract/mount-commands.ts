import { z } from 'zod'
import { command } from './command'
import { count } from './shapes'

/** An image that is mounted by this program, as a drive that every other one can read. */
export const mountedImage = z.object({
  mountPoint: z.string(),
  path: z.string(),
  inside: z.array(z.string()),
  view: z.string(),
})

export const mountCommands = {
  /** Mounts a view of an open image, read-only, until it is ejected or the program ends; again: answers where it is. */
  'mounts.start': command(z.object({ image: count, generation: count, view: z.string() }), mountedImage),
  'mounts.list': command(z.object({}).default({}), z.object({ mounts: z.array(mountedImage) })),
  /** `MOUNT_BUSY` where files on it are open. */
  'mounts.end': command(z.object({ mountPoint: z.string().min(1) }), z.object({})),
} as const
