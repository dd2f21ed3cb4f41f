import { z } from 'zod'
import { command } from './command'
import { driveIdentity } from './jobs'
import { absolutePath, count, said } from './shapes'

/** A drive of this computer, and whether it may be written over. */
export const offeredDrive = z.object({
  identity: driveIdentity,
  /** What people call it. */
  name: z.string(),
  byteLength: count,
  bus: z.string(),
  isRemovable: z.boolean(),
  volumes: z.array(
    z.object({
      label: z.string(),
      fileSystem: z.string(),
      mountPoint: z.string().nullable(),
      usedBytes: count.nullable(),
    }),
  ),
  /** What has to be typed before anything on it is lost. */
  confirm: z.string(),
  /** Why it is not offered; null where it may be written. */
  refused: said.nullable(),
})
export type OfferedDriveRow = z.output<typeof offeredDrive>

export const driveCommands = {
  /** Every drive, as it is now. @param image the file of the image that would be written: the drive it lies on is refused */
  'drives.list': command(
    z.object({ image: absolutePath.nullable().default(null) }).default({ image: null }),
    z.object({ drives: z.array(offeredDrive) }),
  ),
} as const
