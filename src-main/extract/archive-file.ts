import fs from 'node:fs'
import path from 'node:path'
import { asWriteError, ExtractError } from './extract-error'
import { claimName, sweepAbandoned, type Claim } from '../sinks/claim'

/** Errors that say already what is wrong, of the source or of what is made. */
const SPEAKS_FOR_ITSELF = new Set(['SourceError', 'AuthorError'])

/** A file that is whole under its hidden name, and the name under which it is about to appear. */
export interface ReadyFile {
  target: string
  /** What a file keeps when it is renamed: where it is, its length and time. */
  identity: string
  byteLength: number
}

/** Whether that file stands under its own name: its maker came as far as that, though perhaps no further. */
export function hasAppeared({ target, identity }: Pick<ReadyFile, 'target' | 'identity'>): boolean {
  return fs.lstatSync(target, { throwIfNoEntry: false })?.isFile() === true && identityOf(target) === identity
}

/** A number is given anew as soon as a file is gone, so that it alone says nothing. */
function identityOf(file: string): string {
  const { dev, ino, size, mtimeNs } = fs.statSync(file, { bigint: true })
  return [dev, ino, size, mtimeNs].join(' ')
}

/**
 * Makes one file whole or not at all: `fill` writes it under a hidden name beside its own, and it appears when it is
 * finished. Never replaces anything.
 * @param ready told when nothing but the last rename is left to do
 * @throws {ExtractError} `NAME_TAKEN` before the first byte, or whatever the disk says
 */
export async function makeWholeFile<T>(
  target: string,
  fill: (asidePath: string) => Promise<T>,
  ready?: (file: ReadyFile, result: T) => void | Promise<void>,
): Promise<T> {
  const absolute = path.resolve(target)
  refuseTaken(absolute)
  const folder = path.dirname(absolute)
  let claim: Claim | null = null
  let aside: string | null = null
  try {
    fs.mkdirSync(folder, { recursive: true })
    sweepAbandoned(folder)
    claim = claimName(folder)
    aside = path.join(folder, claim.name)
    const result = await fill(aside)
    await ready?.({ target: absolute, identity: identityOf(aside), byteLength: fs.statSync(aside).size }, result)
    moveIn(aside, absolute)
    return result
  } catch (error) {
    throw SPEAKS_FOR_ITSELF.has((error as { name?: string }).name ?? '') ? error : asWriteError(error, absolute)
  } finally {
    if (aside !== null) fs.rmSync(aside, { force: true })
    claim?.release()
  }
}

function refuseTaken(target: string): void {
  if (fs.lstatSync(target, { throwIfNoEntry: false }))
    throw new ExtractError('NAME_TAKEN', `${target} is already there. Choose another name.`)
}

/** A hard link fails where rename would replace; disks without hard links get the look first. */
function moveIn(aside: string, target: string): void {
  try {
    fs.linkSync(aside, target)
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') throw error
    refuseTaken(target)
    fs.renameSync(aside, target)
  }
}

/** @throws {ExtractError} `BAD_REQUEST` for an empty password, which would be none: the archive would lie open */
export function assertPassword(password: string | undefined): void {
  if (password === '') throw new ExtractError('BAD_REQUEST', 'The password is empty. Give one, or none at all.')
}
