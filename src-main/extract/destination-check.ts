import fs from 'node:fs'
import { whyNoRoom, type Wanted } from '../sinks/room'
import { ExtractError } from './extract-error'
import type { FolderHandle } from './folder-handle'

/**
 * Told before the first byte: whether what will be written fits.
 * @throws {ExtractError} `NO_SPACE`, `FILE_TOO_LARGE`
 */
export function checkRoom(folder: FolderHandle, shownDestination: string, wanted: Wanted): void {
  const why = whyNoRoom(folder.at('.'), shownDestination, wanted)
  if (why !== null) throw new ExtractError(why.code, why.message, why.details)
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
