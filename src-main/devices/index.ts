/** This computer’s drives: what they are, which may be written over, and what is done with them. */
export { DeviceError, type DeviceErrorCode } from './device-error'
export type { Drive, DriveVolume, InUse, Machine } from './drive'
export {
  assertMayWrite,
  driveAt,
  findDrives,
  type FindOptions,
  type FoundDrives,
  type OfferedDrive,
} from './find-drives'
export { verdict, type Rejection } from './guard'
export { confirmWord, differenceOf, driveName, identityOf, type DriveIdentity } from './identity'
export { filesInUse, planDrive, type PlanRequest } from './plan/choose'
export type { DrivePart, DrivePlan, LeftOut as LeftOutOfDrive } from './plan/drive-plan'
export { writeDrive, type Phase, type WriteOptions, type WrittenDrive } from './write-drive'
export { planEmpty } from './plan/empty'
export { readDisc, type BadRange, type ReadRequest, type ReadResult } from './read/read-disc'
export { assertOnAnotherDisk, liesOnDiskOf } from './same-disk'
