import fs from 'node:fs'
import path from 'node:path'
import { because, explainWriteError, inWords, type FileErrorMeaning } from '../../src-shared/model'
import { nearestThere } from './made-folders'
import { SinkError } from './sink'

/** Linux `statfs` types whose files end at 4 GiB − 1: msdos/vfat. */
const FAT_TYPE = 0x4d44
const FAT_FILE_LIMIT = 2 ** 32 - 1

export interface Wanted {
  /** What will be written at the most: hard links once, without the holes that are known. */
  diskBytes: number
  /** The longest file, holes and all, where somebody knows it. */
  largest: { path: string; byteLength: number } | null
}

/**
 * Why what is wanted does not fit on a folder's disk, in one sentence with figures; null where it does, or where the
 * system does not say.
 * @param folder one that is there
 * @param shown what to call it
 */
export function whyNoRoom(folder: string, shown: string, { diskBytes, largest }: Wanted): FileErrorMeaning | null {
  let stats: fs.StatsFs
  try {
    stats = fs.statfsSync(folder)
  } catch {
    return null // Some network disks do not say; writing will.
  }
  const free = stats.bavail * stats.bsize
  if (diskBytes > free)
    return {
      code: 'NO_SPACE',
      message: `${shown} has ${inWords(free)} free, and ${inWords(diskBytes)} are to be written. Free some space, or choose another folder.`,
      details: because('notEnoughRoom', { folder: shown, free, needed: diskBytes }),
    }
  if (stats.type === FAT_TYPE && largest !== null && largest.byteLength > FAT_FILE_LIMIT)
    return {
      code: 'FILE_TOO_LARGE',
      message:
        `“${largest.path}” is ${inWords(largest.byteLength)} long, and the disk of ${shown} (FAT32) takes no file of ` +
        '4 GiB or more. Choose a disk with another file system.',
      details: because('tooLargeForFat', { name: largest.path, size: largest.byteLength, folder: shown }),
    }
  return null
}

/**
 * Told before the first byte: whether a folder takes new files of so many bytes. Nothing is written to find out. A
 * folder that is not there is as writable as the one that it would be made in.
 * @param byteLength of all together
 * @param largest of the longest one, with its name
 * @throws {SinkError} `NOT_A_FOLDER`, `NO_PERMISSION`, `READ_ONLY`, `NO_SPACE` or `FILE_TOO_LARGE`
 */
export function assertTakes(folder: string, byteLength: number, largest: Wanted['largest']): void {
  const wanted = path.resolve(folder)
  const there = nearestThere(wanted)
  const refuse = ({ code, message, details }: FileErrorMeaning): never => {
    throw new SinkError(code, message, details)
  }
  try {
    if (!fs.statSync(there).isDirectory())
      refuse({
        code: 'NOT_A_FOLDER',
        message: `${there} is not a folder. Choose a folder.`,
        details: because('notAFolder', { name: there }),
      })
    fs.accessSync(there, fs.constants.W_OK)
  } catch (error) {
    if (error instanceof SinkError) throw error
    refuse(explainWriteError(error, there))
  }
  const why = whyNoRoom(there, wanted, { diskBytes: byteLength, largest })
  if (why !== null) refuse(why)
}

/** As {@link assertTakes}, for one file. @param target its path */
export function assertRoomFor(target: string, byteLength: number): void {
  assertTakes(path.dirname(path.resolve(target)), byteLength, { path: path.basename(target), byteLength })
}
