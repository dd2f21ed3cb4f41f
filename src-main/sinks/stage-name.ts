import fs from 'node:fs'
import path from 'node:path'
import { namesIn, systemPath } from './system-path'

const PREFIX = '.isolde-'
/** A stage of a job that may be resumed is never swept up by another run. */
const KEPT_PREFIX = '.isolde-job-'

/** The stage's name for a job that survives its process. @param jobId letters, digits and dashes */
export function keptStageName(jobId: string): string {
  return `${KEPT_PREFIX}${jobId}`
}

/** Whether a name is one of a stage, a lock or a file that is not finished. */
export function isHidden(name: string): boolean {
  return name.startsWith(PREFIX)
}

/** Whether a name is one of a file or a folder that this program has not finished, or has left behind. */
export function isUnfinished(name: string): boolean {
  return UNFINISHED.test(name)
}

/** What every hidden name looks like, for those who look for them. A regular expression. */
export const HIDDEN_ID = String.raw`\.isolde-[0-9a-f]{12}`
const UNFINISHED = new RegExp(`^(?:${HIDDEN_ID}(?:[-.]|$)|${KEPT_PREFIX.replace('.', String.raw`\.`)})`)

/** A name that is free, but for the most unlikely chance; who makes something under it makes it anew or not at all. */
export function hiddenName(): string {
  // Not of node:crypto, which takes longer to load than a small image takes to extract.
  const random = Math.floor(Math.random() * 2 ** 48)
  return `${PREFIX}${random.toString(16).padStart(12, '0')}`
}

/** Removes a tree if it can be removed: its folder may not be written any more, or its disk is gone. */
export function removeQuietly(treePath: string): void {
  try {
    removeTree(treePath)
  } catch {
    // The next run into the same folder tries again.
  }
}

/** Removes a tree whatever modes its folders have got. Never follows links. */
function removeTree(treePath: string): void {
  try {
    fs.rmSync(systemPath(treePath), { recursive: true, force: true })
  } catch {
    makeWritable(treePath)
    fs.rmSync(systemPath(treePath), { recursive: true, force: true })
  }
}

function makeWritable(folder: string): void {
  const stat = fs.lstatSync(systemPath(folder), { throwIfNoEntry: false })
  if (!stat?.isDirectory()) return
  fs.chmodSync(systemPath(folder), 0o700)
  for (const name of namesIn(folder)) makeWritable(path.join(folder, name))
}
