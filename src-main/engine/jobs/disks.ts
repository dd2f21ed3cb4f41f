import fsPromises from 'node:fs/promises'
import path from 'node:path'
import type { JobSpec } from '../../../src-shared/model'
import { kindOf } from '../../jobs'

/** A disk that does not answer keeps nobody waiting for longer. */
const PATIENCE_MS = 3000

/**
 * The disks that a job reads and writes, by the device numbers of their file systems. What cannot be looked at, or does
 * not answer, counts as no disk: the job itself says what is wrong when its turn comes.
 */
export async function disksOf(spec: JobSpec): Promise<string[]> {
  const disks = await Promise.all(
    kindOf(spec)
      .resources(spec)
      .map((itemPath) => inTime(diskOf(itemPath))),
  )
  return [...new Set(disks.flatMap((disk) => disk ?? []))]
}

/** Of the nearest folder that is there: a destination may still have to be made. */
async function diskOf(itemPath: string): Promise<string | null> {
  try {
    return String((await fsPromises.stat(itemPath)).dev)
  } catch {
    // Not there, a link in a circle, a folder that may not be entered.
    const parent = path.dirname(itemPath)
    return parent === itemPath ? null : diskOf(parent)
  }
}

async function inTime(disk: Promise<string | null>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => {
      resolve(null)
    }, PATIENCE_MS)
  })
  try {
    return await Promise.race([disk, late])
  } finally {
    clearTimeout(timer)
  }
}
