import fs from 'node:fs'
import { because, inWords } from '../../src-shared/model'
import { ExtractError } from './extract-error'
import type { FolderHandle } from './folder-handle'

/** Linux `statfs` types whose files end at 4 GiB − 1: msdos/vfat. */
const FAT_TYPE = 0x4d44
const FAT_FILE_LIMIT = 2 ** 32 - 1

export interface Wanted {
  /** What will be written at the most: hard links once, without the holes that are known. */
  diskBytes: number
  /** The longest file, holes and all. */
  largest: { path: string; byteLength: number }
}

/**
 * Told before the first byte: whether what will be written fits.
 * @throws {ExtractError} `NO_SPACE`, `FILE_TOO_LARGE`
 */
export function checkRoom(folder: FolderHandle, shownDestination: string, wanted: Wanted): void {
  let stats: fs.StatsFs
  try {
    stats = fs.statfsSync(folder.at('.'))
  } catch {
    return // Some network disks do not say; writing will.
  }
  const free = stats.bavail * stats.bsize
  if (wanted.diskBytes > free)
    throw new ExtractError(
      'NO_SPACE',
      `${shownDestination} has ${inWords(free)} free, and ${inWords(wanted.diskBytes)} are to be written. ` +
        'Free some space, or choose another folder.',
      because('notEnoughRoom', { folder: shownDestination, free, needed: wanted.diskBytes }),
    )
  if (stats.type === FAT_TYPE && wanted.largest.byteLength > FAT_FILE_LIMIT)
    throw new ExtractError(
      'FILE_TOO_LARGE',
      `“${wanted.largest.path}” is ${inWords(wanted.largest.byteLength)} long, and the disk of ${shownDestination} ` +
        '(FAT32) takes no file of 4 GiB or more. Choose a disk with another file system.',
      because('tooLargeForFat', {
        name: wanted.largest.path,
        size: wanted.largest.byteLength,
        folder: shownDestination,
      }),
    )
}

/** Whether the destination takes `a` and `A` for one name; found out by asking it. */
export function foldsCase(folder: FolderHandle): boolean {
  const probe = '.isolde-case-probe'
  const other = probe.toUpperCase()
  fs.writeFileSync(folder.at(probe), '')
  try {
    return fs.existsSync(folder.at(other))
  } finally {
    fs.unlinkSync(folder.at(probe))
  }
}
