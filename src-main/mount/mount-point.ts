import fs from 'node:fs'
import path from 'node:path'
import { because } from '../../src-shared/model'
import { MountError } from './mount-error'

export interface MountPoint {
  path: string
  /** It was made for this, and goes with it. */
  isMade: boolean
}

/**
 * The folder that an image is to be mounted on: one that is there and empty, or a new one.
 * @param mounted where anything is mounted already
 * @throws {MountError} `MOUNT_POINT_TAKEN`, `NOT_A_FOLDER`, `NO_PERMISSION`, `WRITE_FAILED`
 */
export function takeMountPoint(named: string, mounted: ReadonlySet<string>): MountPoint {
  const wanted = path.resolve(named)
  if (mounted.has(wanted))
    throw new MountError(
      'MOUNT_POINT_TAKEN',
      `Something is mounted on ${wanted} already. Choose another folder.`,
      because('mountPointTaken', { name: wanted }),
    )
  try {
    const stat = fs.statSync(wanted, { throwIfNoEntry: false })
    if (stat === undefined) {
      fs.mkdirSync(wanted, { mode: 0o700 })
      return { path: fs.realpathSync(wanted), isMade: true }
    }
    if (!stat.isDirectory())
      throw new MountError(
        'NOT_A_FOLDER',
        `${wanted} is not a folder, so nothing can be mounted on it.`,
        because('notAFolder', { name: wanted }),
      )
    const real = fs.realpathSync(wanted)
    if (mounted.has(real))
      throw new MountError(
        'MOUNT_POINT_TAKEN',
        `Something is mounted on ${wanted} already. Choose another folder.`,
        because('mountPointTaken', { name: wanted }),
      )
    if (fs.readdirSync(real).length > 0)
      throw new MountError(
        'MOUNT_POINT_TAKEN',
        `${wanted} is not empty, and a mount would hide what is in it.`,
        because('mountPointTaken', { name: wanted }),
      )
    return { path: real, isMade: false }
  } catch (error) {
    throw asMountError(error, wanted)
  }
}

/** A folder of that name, or of a numbered one, where nothing is yet. */
export function newMountPoint(base: string, name: string): MountPoint {
  const LIMIT = 1000
  for (let number = 1; number < LIMIT; number++) {
    const wanted = path.join(base, number === 1 ? name : `${name} (${number})`)
    try {
      fs.mkdirSync(wanted, { mode: 0o700 })
      return { path: fs.realpathSync(wanted), isMade: true }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw asMountError(error, wanted)
    }
  }
  throw new MountError('MOUNT_POINT_TAKEN', `There are ${LIMIT} folders in ${base} already; remove some.`)
}

/** Removes a folder that was made for a mount; one that is in use by now stays. */
export function releaseMountPoint({ path: folder, isMade }: MountPoint): void {
  if (!isMade) return
  try {
    fs.rmdirSync(folder)
  } catch {
    // Somebody has put something in it.
  }
}

function asMountError(error: unknown, wanted: string): MountError {
  if (error instanceof MountError) return error
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
  if (code === 'EACCES' || code === 'EPERM')
    return new MountError(
      'NO_PERMISSION',
      `You may not use ${wanted}. Choose a folder of your own.`,
      because('mayNotWrite', { name: wanted }),
    )
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new MountError('NOT_A_FOLDER', `${path.dirname(wanted)} is not a folder, so ${wanted} cannot be made.`)
  if (code === 'ENOTCONN')
    return new MountError(
      'MOUNT_POINT_TAKEN',
      `Something is mounted on ${wanted} already, and is not responding.`,
      because('mountPointTaken', { name: wanted }),
    )
  return new MountError('WRITE_FAILED', `${wanted} cannot be mounted on (${code}).`)
}
