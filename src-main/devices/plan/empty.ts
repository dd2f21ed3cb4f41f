import { makeNode } from '../../author'
import { exfatLabel } from '../../author/stick/exfat'
import { notInFatLabel } from '../../author/stick/fat32'
import { planStick } from '../../author/stick/stick'
import { DeviceError } from '../device-error'
import type { DrivePlan } from './drive-plan'
import { asDeviceError, drivePlan } from './files'

/**
 * An empty drive: one partition over all of it, for whatever a person puts there next.
 * @param driveLength in bytes
 * @throws {DeviceError} `DRIVE_TOO_SMALL` for the file system, `BAD_REQUEST` for a label that it cannot have
 */
export function planEmpty(type: 'exfat' | 'fat32', label: string, driveLength: number): DrivePlan {
  assertLabel(type, label)
  const root = makeNode({ name: '', kind: 'directory' })
  try {
    return drivePlan(planStick([{ type, label, root, byteLength: null }], 'mbr', driveLength), 'empty')
  } catch (error) {
    throw asDeviceError(error)
  }
}

/** Somebody has typed it: another one would be a surprise. */
function assertLabel(type: 'exfat' | 'fat32', label: string): void {
  const [wrong] = notInFatLabel(label)
  if (type === 'fat32' && wrong !== undefined)
    throw new DeviceError(
      'BAD_REQUEST',
      `“${label}” cannot be the label of a FAT32 volume: “${wrong}” is not among its characters. Use letters from A to Z, digits, spaces, - and _, or exFAT (--as exfat).`,
    )
  if (type === 'exfat' && exfatLabel(label) !== label)
    throw new DeviceError(
      'BAD_REQUEST',
      'The label of an exFAT volume has 11 characters at most, and none that moves a cursor. Choose another.',
    )
}
