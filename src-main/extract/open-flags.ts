import fs from 'node:fs'

const { O_WRONLY, O_CREAT, O_EXCL } = fs.constants
/**
 * macOS 11, <sys/fcntl.h>: no component of the path may be a link, where O_NOFOLLOW looks at the last one only. Node has
 * no name for it. The stage's own path is free of links there: see `openFolder`.
 */
const DARWIN_O_NOFOLLOW_ANY = 0x2000_0000

/** What refuses links when a file is opened. Windows knows no such flag; its stage is the user's own. */
export function refusingLinks(platform: NodeJS.Platform): number {
  if (platform === 'darwin') return DARWIN_O_NOFOLLOW_ANY
  // Undefined on Windows, where it adds no bit.
  return fs.constants.O_NOFOLLOW
}

/** For a file that must not be there yet. */
export const NEW_FILE = O_WRONLY | O_CREAT | O_EXCL | refusingLinks(process.platform)
/** For one that was made a moment ago. */
export const PART_OF_FILE = O_WRONLY | refusingLinks(process.platform)
