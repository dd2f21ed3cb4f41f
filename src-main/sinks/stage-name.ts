import fs from 'node:fs'
import path from 'node:path'
import { isRunning } from './running'

const PREFIX = '.isolde-'
/** A stage of a job that may be resumed is never swept up by another run. */
const KEPT_PREFIX = '.isolde-job-'

/** The stage's name for a job that survives its process. @param jobId letters, digits and dashes */
export function keptStageName(jobId: string): string {
  return `${KEPT_PREFIX}${jobId}`
}

/**
 * A name that says whose it is, so that it can be told when nobody works on it any more. It is free, but for the most
 * unlikely chance; who makes something under it makes it anew or not at all.
 */
export function sweepableName(): string {
  // Not of node:crypto, which takes longer to load than a small image takes to extract.
  const random = Math.floor(Math.random() * 2 ** 48)
  return `${PREFIX}${process.pid}-${random.toString(16).padStart(12, '0')}`
}

/** Removes what runs that were killed left in a folder: its name holds the process, and that process is gone. */
export function sweepAbandoned(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    if (!name.startsWith(PREFIX) || name.startsWith(KEPT_PREFIX)) continue
    const processId = /^\.isolde-(\d+)-[0-9a-f]{12}(?:-tree|\.7z)?$/.exec(name)?.[1]
    if (processId !== undefined && !isRunning(Number(processId))) removeQuietly(path.join(folder, name))
  }
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
    fs.rmSync(treePath, { recursive: true, force: true })
  } catch {
    makeWritable(treePath)
    fs.rmSync(treePath, { recursive: true, force: true })
  }
}

function makeWritable(folder: string): void {
  const stat = fs.lstatSync(folder, { throwIfNoEntry: false })
  if (!stat?.isDirectory()) return
  fs.chmodSync(folder, 0o700)
  for (const name of fs.readdirSync(folder)) makeWritable(path.join(folder, name))
}
