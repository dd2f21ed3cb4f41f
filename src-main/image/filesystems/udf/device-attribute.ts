import { readU32Le } from '../../core/byte-reader'
import type { DeviceNumber } from '../../core/device-number'
import { FileType, type FileEntry } from './file-entry'

const HEADER_LENGTH = 24
const DEVICE_SPECIFICATION = 12

/**
 * Which device an entry of that kind stands for: the device specification among its extended attributes (ECMA-167
 * 4/14.10.7). Null where there is none.
 * @param bytes of the file entry, as `entry` has read them
 */
export function readDevice(bytes: Uint8Array, entry: FileEntry): DeviceNumber | null {
  for (let at = entry.extendedAttributesFrom + HEADER_LENGTH; at + 24 <= entry.allocationFrom;) {
    const length = readU32Le(bytes, at + 8)
    if (readU32Le(bytes, at) === DEVICE_SPECIFICATION)
      return {
        major: readU32Le(bytes, at + 16),
        minor: readU32Le(bytes, at + 20),
        isBlock: entry.fileType === FileType.blockDevice,
      }
    if (length < 12) return null
    at += length
  }
  return null
}
