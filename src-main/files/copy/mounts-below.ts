import fs from 'node:fs'
import path from 'node:path'
import { systemPath } from '../../sinks/system-path'

/** Where file systems are mounted at a folder or below it, as its own path names these places. Linux alone tells. */
export function mountsBelow(folder: string): Set<string> {
  const found = new Set<string>()
  if (process.platform !== 'linux') return found
  try {
    const real = fs.realpathSync.native(systemPath(folder))
    // proc(5): the fifth field is where it is mounted.
    for (const line of fs.readFileSync('/proc/self/mountinfo', 'utf8').split('\n')) {
      const point = unescaped(line.split(' ', 5)[4] ?? '')
      if (point === real || point.startsWith(real + path.sep)) found.add(folder + point.slice(real.length))
    }
  } catch {
    // Without it, other disks are still told by their number.
  }
  return found
}

/** Whether a folder lies on another disk than the one around it. @throws the system's error */
export function isOtherDisk(folder: string, dev: bigint): boolean {
  return fs.statSync(systemPath(path.dirname(folder)), { bigint: true }).dev !== dev
}

/** Spaces, tabs, line ends and backslashes are written as three octal digits. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))
}
