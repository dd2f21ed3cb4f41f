import fs from 'node:fs'
import path from 'node:path'
import { because } from '../../src-shared/model'
import { isTaken, placeNew, syncFolder } from './placing'
import { SinkError } from './sink'

/**
 * Puts a whole file in the place of another one of the same folder, which is kept beside it. The old one gets a second
 * name first, then the new one takes the first name in a single step: whatever happens in between, the name holds one of
 * the two. FAT has no second names; there the old one is moved, and moved back where the second step fails. The new file
 * may be read and written by the same people as the old one.
 * @param keptNames paths for the old one, in the order in which they are tried; nothing that has one is replaced
 * @param assertStill looks at the old one under the name that it is kept by, and throws where it is another one by now
 * @returns the one that it got
 * @throws the system's error, and everything is where it was
 */
export function replaceKeeping(
  original: string,
  replacement: string,
  keptNames: Iterable<string>,
  assertStill: (kept: string) => void = () => undefined,
): string {
  const folder = path.dirname(path.resolve(original))
  fs.chmodSync(replacement, fs.statSync(original).mode & 0o7777)
  for (const kept of keptNames) {
    const how = keep(original, kept)
    if (how === null) continue
    try {
      // Now that it has this name, nobody who gives the first one to another file makes a difference to what is seen.
      assertStill(kept)
      syncFolder(folder)
      if (how === 'linked') fs.renameSync(replacement, original)
      else if (!placeNew(replacement, original)) throw taken(original)
    } catch (error) {
      if (how === 'linked') fs.unlinkSync(kept)
      else placeNew(kept, original)
      throw error
    }
    syncFolder(folder)
    return kept
  }
  throw taken(original)
}

/** Null where the name is taken. */
function keep(original: string, kept: string): 'linked' | 'moved' | null {
  try {
    fs.linkSync(original, kept)
    return 'linked'
  } catch (error) {
    if (isTaken(error)) return null
    return placeNew(original, kept) ? 'moved' : null
  }
}

function taken(file: string): SinkError {
  return new SinkError(
    'NAME_TAKEN',
    `“${file}” already exists. Choose another name.`,
    because('nameExists', { name: file }),
  )
}
