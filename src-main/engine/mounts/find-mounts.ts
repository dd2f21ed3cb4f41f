import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {
  isServed,
  mountBases,
  MountError,
  ownMountPoints,
  readRecords,
  releaseMountPoint,
  removeRecord,
  unmountPoint,
  type MountRecord,
} from '../../mount'

export interface FoundMount {
  mountPoint: string
  /** Of the image’s file. */
  path: string
  inside: string[]
  view: string
  pid: number
}

/** How long a server may take to go once its file system is unmounted, in milliseconds. */
const PATIENCE = 5000
const STEP = 20

/** Where notes of mounts may lie. @param home the profile */
export const ownBases = (home: string): string[] => mountBases(process.env, home, os.tmpdir())

/**
 * What is mounted, by whoever runs this. What a server left behind that did not end by itself is unmounted and forgotten on
 * the way.
 * @param home the profile
 */
export async function findMounts(home: string): Promise<FoundMount[]> {
  return (await living(home)).map(({ record: { mountPoint, path: image, inside, view, pid } }) => ({
    mountPoint,
    path: image,
    inside,
    view,
    pid,
  }))
}

async function living(home: string): Promise<{ base: string; record: MountRecord }[]> {
  const mounted = ownMountPoints()
  const found = readRecords(ownBases(home))
  const dead = found.filter(({ record }) => !isServed(record))
  for (const { base, record } of dead) {
    // Its folder answers nobody: whatever has it open only waits for this.
    if (mounted.has(record.mountPoint)) await unmountPoint(record.mountPoint, true).catch(() => undefined)
    releaseMountPoint({ path: record.mountPoint, isMade: record.isMade })
    removeRecord(base, record.mountPoint)
  }
  return found.filter(({ record }) => isServed(record) && mounted.has(record.mountPoint))
}

/**
 * Unmounts by the folder, or everything of an image.
 * @param home the profile
 * @returns where it was
 * @throws {MountError} `NOT_MOUNTED`; `MOUNT_BUSY` with what holds it
 */
export async function unmountNamed(named: string, home: string): Promise<string[]> {
  const wanted = new Set([path.resolve(named), realPath(named), realFolder(named)])
  const mounts = await living(home)
  const byFolder = mounts.filter(({ record }) => wanted.has(record.mountPoint))
  const meant = byFolder.length > 0 ? byFolder : mounts.filter(({ record }) => wanted.has(record.path))
  if (meant.length === 0)
    throw new MountError('NOT_MOUNTED', `${named} is not mounted by Isolde; “isolde mounts” lists what is.`)
  for (const { base, record } of meant) {
    await unmountPoint(record.mountPoint)
    await goneWith(record)
    releaseMountPoint({ path: record.mountPoint, isMade: record.isMade })
    removeRecord(base, record.mountPoint)
  }
  return meant.map(({ record }) => record.mountPoint)
}

/** The server cleans up by itself; one that hangs is not waited for. */
async function goneWith(record: MountRecord): Promise<void> {
  for (let waited = 0; waited < PATIENCE && isServed(record); waited += STEP)
    await new Promise((resolve) => setTimeout(resolve, STEP))
}

function realPath(named: string): string {
  try {
    return fs.realpathSync(named)
  } catch {
    return path.resolve(named)
  }
}

/** Without asking a file system that may not answer. */
function realFolder(named: string): string {
  const resolved = path.resolve(named)
  return path.join(realPath(path.dirname(resolved)), path.basename(resolved))
}
