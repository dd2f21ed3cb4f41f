import { makeNode } from '../../author'
import { planStick } from '../../author/stick/stick'
import type { DrivePlan } from './drive-plan'
import { asDeviceError, drivePlan } from './files'

/**
 * An empty drive: one partition over all of it, for whatever a person puts there next.
 * @param driveLength in bytes
 * @throws {DeviceError} `DRIVE_TOO_SMALL` for the file system
 */
export function planEmpty(type: 'exfat' | 'fat32', label: string, driveLength: number): DrivePlan {
  const root = makeNode({ name: '', kind: 'directory' })
  try {
    return drivePlan(planStick([{ type, label, root, byteLength: null }], 'mbr', driveLength), 'empty')
  } catch (error) {
    throw asDeviceError(error)
  }
}
