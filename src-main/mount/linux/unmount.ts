import fs from 'node:fs'
import { heldBy } from '../../devices/list/holders'
import { nameOfMount, parseMountInfo } from '../../devices/list/mount-info'
import { MountError } from '../mount-error'
import { findProgram, problemOf } from '../../devices/list/system-programs'

export const FILE_SYSTEM = 'fuse.isolde'

/** Where our file systems are mounted now, by proc(5). @param text of mountinfo, for tests */
export function ownMountPoints(text = readMountInfo()): Set<string> {
  return new Set(parseMountInfo(text).flatMap(({ fileSystem, point }) => (fileSystem === FILE_SYSTEM ? [point] : [])))
}

/** Where anything is mounted now. */
export function allMountPoints(text = readMountInfo()): Set<string> {
  return new Set(parseMountInfo(text).map(({ point }) => point))
}

function readMountInfo(): string {
  try {
    return fs.readFileSync('/proc/self/mountinfo', 'utf8')
  } catch {
    return ''
  }
}

/**
 * Unmounts one of our file systems.
 * @param isLazy it goes from its folder at once, and ends when nothing on it is open any more
 * @throws {MountError} `MOUNT_BUSY` with what holds it, or is mounted over it; `PROGRAM_MISSING`
 */
export async function unmountPoint(mountPoint: string, isLazy = false): Promise<void> {
  const over = mountedOver(mountPoint)
  if (over !== null) throw new MountError('MOUNT_BUSY', `${over} is mounted over ${mountPoint}. Unmount that first.`)
  const problem = await attempt(mountPoint, isLazy)
  if (problem === null || !ownMountPoints().has(mountPoint)) return
  throw new MountError('MOUNT_BUSY', `${mountPoint} cannot be unmounted: ${heldBy(mountPoint, problem)}.`)
}

/** What is unmounted by a path is whatever was mounted there last. @param text of mountinfo, for tests */
export function mountedOver(mountPoint: string, text = readMountInfo()): string | null {
  const top = parseMountInfo(text).findLast(({ point }) => point === mountPoint)
  return top === undefined || top.fileSystem === FILE_SYSTEM ? null : nameOfMount(top)
}

async function attempt(mountPoint: string, isLazy: boolean): Promise<string | null> {
  const helper = findProgram('fusermount3', 'fusermount')
  const viaHelper =
    helper === null ? null : await problemOf(helper, isLazy ? ['-u', '-z', '--', mountPoint] : ['-u', '--', mountPoint])
  if (helper !== null && (viaHelper === null || process.getuid?.() !== 0)) return viaHelper
  const program = findProgram('umount')
  if (program === null)
    throw new MountError('PROGRAM_MISSING', 'To unmount, “fusermount3” is needed; install the package fuse3.')
  return problemOf(program, isLazy ? ['-i', '-l', '--', mountPoint] : ['-i', '--', mountPoint])
}
