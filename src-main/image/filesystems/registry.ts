import { apfs } from './apfs'
import { cpio } from './cpio'
import { erofs } from './erofs'
import { exfat } from './exfat'
import { ext } from './ext'
import { fat } from './fat'
import type { FileSystem } from './file-system'
import { hfs } from './hfs'
import { highSierra } from './high-sierra'
import { iso9660 } from './iso9660'
import { ntfs } from './ntfs'
import { squashfs } from './squashfs'
import { udf } from './udf'
import { wim } from './wim'
import { xdvdfs } from './xdvdfs'

/** Every file system that is read, those of discs before those of disks. Views are offered in this order. */
export const FILE_SYSTEMS: readonly FileSystem[] = [
  xdvdfs,
  iso9660,
  udf,
  highSierra,
  hfs,
  apfs,
  squashfs,
  erofs,
  wim,
  cpio,
  ext,
  ntfs,
  exfat,
  fat,
]
