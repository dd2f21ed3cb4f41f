import { z } from 'zod'
import { because, type JobProblem } from '../../../../src-shared/model'
import {
  DeviceError,
  differenceOf,
  driveAt,
  findDrives,
  identityOf,
  type FoundDrives,
  type InUse,
  type OfferedDrive,
} from '../../../devices'

/** A drive as a job remembers it. What was typed to confirm it is never kept. */
export const confirmedDrive = z.object({
  id: z.string(),
  path: z.string(),
  byteLength: z.number(),
  model: z.string(),
  serial: z.string(),
  diskSequence: z.string().nullable(),
})
export type ConfirmedDrive = z.output<typeof confirmedDrive>

/**
 * The drive that was confirmed, if it still is the one.
 * @throws {DeviceError} `NO_SUCH_DRIVE`, `DRIVE_CHANGED`
 */
export async function findConfirmed(
  drive: ConfirmedDrive,
  inUse: readonly InUse[],
): Promise<{ offered: OfferedDrive; found: FoundDrives }> {
  const found = await findDrives({ inUse })
  const offered = driveAt(drive.path, found)
  const difference = differenceOf(drive, identityOf(offered.drive))
  if (difference !== null)
    throw new DeviceError(
      'DRIVE_CHANGED',
      `${drive.path} is not the drive that was confirmed: ${difference}.`,
      null,
      because('driveChanged', { drive: drive.path }),
    )
  return { offered, found }
}

/** A confirmation holds for one run of the program; and a drive that was half written is no drive that can be used. */
export function interrupted({ model, path }: ConfirmedDrive): JobProblem {
  const name = model === '' ? path : model
  return {
    code: 'INTERRUPTED',
    message: `Isolde stopped before ${name} was done. Write it again; the drive is unusable as it is.`,
    details: { name },
  }
}
