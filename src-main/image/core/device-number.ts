/** Which device a device node stands for. */
export interface DeviceNumber {
  major: number
  minor: number
  /** A block device; else a character device. */
  isBlock: boolean
}

/** Whether the file type in a POSIX mode is that of a block device. */
export function isBlockMode(mode: number): boolean {
  return (mode & 0o170000) === 0o060000
}

/**
 * A device's number as Linux keeps it in 32 bits (`new_decode_dev`): 12 bits of the major one in the middle of 20 of the
 * minor one. The older form of 16 bits reads the same.
 */
export function linuxDevice(number: number, isBlock: boolean): DeviceNumber {
  return { major: (number >>> 8) & 0xfff, minor: (number & 0xff) | ((number >>> 12) & 0xfff00), isBlock }
}

/** The reverse of {@link linuxDevice}: what of the number Linux has room for. */
export function linuxDeviceNumber({ major, minor }: Pick<DeviceNumber, 'major' | 'minor'>): number {
  return (((major & 0xfff) << 8) | (minor & 0xff) | ((minor & ~0xff) << 12)) >>> 0
}
