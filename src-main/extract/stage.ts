import fs from 'node:fs'
import path from 'node:path'
import { because } from '../../src-shared/model'
import { asWriteError, ExtractError } from './extract-error'
import { openFolder, type FolderHandle } from './folder-handle'
import { claimName, sweepAbandoned, type Claim } from '../sinks/claim'
import { keptStageName, removeQuietly } from '../sinks/stage-name'

export { keptStageName }

/**
 * Where a tree is built before it appears under its final names: on the destination's own disk, so that moving in is
 * renaming. For a destination that exists, a hidden folder inside it; for a new one, a hidden folder beside it that
 * becomes it.
 */
export interface Stage {
  readonly path: string
  readonly folder: FolderHandle
  /** Absolute. */
  readonly destination: string
  /** Null where the destination is not there yet. */
  readonly destinationFolder: FolderHandle | null
  /** True where an interrupted run's stage was found and is being filled on. */
  readonly isResumed: boolean
  /**
   * Removes the stage and the parent folders made for it. Never throws: why it is discarded matters more than that
   * something of it could not be removed, which the next extraction into this folder tries again.
   */
  discard(): void
  /** Leaves it for a later run to go on with. */
  keep(): void
  /** Lets go of the folders held open; what is left of the stage is removed. Never throws. */
  finish(): void
}

/**
 * Makes (or, under a kept name, finds again) the stage for a destination.
 * @throws {ExtractError} where the destination is no folder, may not be written, or is on a read-only disk
 */
export function openStage(destinationPath: string, keptName?: string): Stage {
  const destination = path.resolve(destinationPath)
  const made: string[] = []
  let destinationFolder: FolderHandle | null = null
  let claim: Claim | null = null
  let begun: string | null = null
  try {
    destinationFolder = openIfThere(destination)
    const beside = destinationFolder ? destination : path.dirname(destination)
    if (!destinationFolder) makeParents(beside, made)
    sweepAbandoned(beside)
    // A process that was killed just after it had moved its stage in place had claimed a name around the destination.
    if (keptName !== undefined && destinationFolder) sweepQuietly(path.dirname(destination))
    claim = claimName(beside)
    const claimed = claim
    const stagePath = path.join(beside, keptName ?? claimed.name)
    const isResumed = makeFolder(stagePath, keptName !== undefined)
    if (!isResumed) begun = stagePath
    const folder = openFolder(stagePath)
    const release = (): void => {
      folder.close()
      destinationFolder?.close()
    }
    return {
      path: stagePath,
      folder,
      destination,
      destinationFolder,
      isResumed,
      discard() {
        release()
        removeAside(stagePath, path.join(beside, `${claimed.name}-removed`))
        claimed.release()
        removeEmpty(made)
      },
      keep() {
        release()
        claimed.release()
      },
      finish() {
        release()
        removeQuietly(stagePath)
        claimed.release()
      },
    }
  } catch (error) {
    destinationFolder?.close()
    // Without a descriptor, of which there may be none left.
    if (begun !== null) removeEmpty([begun])
    claim?.release()
    removeEmpty(made)
    throw asWriteError(error, destination)
  }
}

/** What cannot be listed is left as it is: nothing is written there. */
function sweepQuietly(folder: string): void {
  try {
    sweepAbandoned(folder)
  } catch {
    // The next extraction into it tries again.
  }
}

/**
 * Removes a stage under another name first: what takes a while must not meet a new run that wants the old one, and if
 * this process ends meanwhile, the next extraction sweeps it up.
 */
function removeAside(stagePath: string, temporary: string): void {
  try {
    fs.renameSync(stagePath, temporary)
    removeQuietly(temporary)
  } catch {
    removeQuietly(stagePath)
  }
}

/** Removes what a job that nobody works on has left at its destination, in the background. Never throws. */
export async function removeTraces(destination: string, jobId: string): Promise<void> {
  for (const folder of [destination, path.dirname(destination)]) {
    const stagePath = path.join(folder, keptStageName(jobId))
    try {
      sweepAbandoned(folder)
      if (!fs.lstatSync(stagePath, { throwIfNoEntry: false })) continue
      const claim = claimName(folder)
      const temporary = path.join(folder, claim.name)
      try {
        fs.renameSync(stagePath, temporary)
        await fs.promises.rm(temporary, { recursive: true, force: true })
      } finally {
        claim.release()
      }
    } catch {
      // Its disk is gone and the stage with it.
    }
  }
}

function openIfThere(destination: string): FolderHandle | null {
  const stat = fs.statSync(destination, { throwIfNoEntry: false })
  if (!stat) return null
  if (!stat.isDirectory())
    throw new ExtractError(
      'NOT_A_FOLDER',
      `${destination} is a file, not a folder. Choose a folder to extract to.`,
      because('notAFolder', { name: destination }),
    )
  return openFolder(destination)
}

function makeParents(folder: string, made: string[]): void {
  const stat = fs.statSync(folder, { throwIfNoEntry: false })
  if (stat?.isDirectory()) return
  if (stat)
    throw new ExtractError(
      'NOT_A_FOLDER',
      `${folder} is not a folder, so nothing can be put below it.`,
      because('notAFolder', { name: folder }),
    )
  makeParents(path.dirname(folder), made)
  fs.mkdirSync(folder)
  made.push(folder)
}

function makeFolder(stagePath: string, mayBeThere: boolean): boolean {
  try {
    fs.mkdirSync(stagePath, { mode: 0o700 })
    return false
  } catch (error) {
    const isThere = (error as { code?: string }).code === 'EEXIST'
    if (mayBeThere && isThere && fs.lstatSync(stagePath).isDirectory()) return true
    throw error
  }
}

function removeEmpty(made: string[]): void {
  for (const folder of made.reverse())
    try {
      fs.rmdirSync(folder)
    } catch {
      return // Somebody else has put something there; it is theirs now.
    }
}
