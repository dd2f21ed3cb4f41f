import fs from 'node:fs'
import path from 'node:path'

const PREFIX = 'isolde-drive-'
/** With the number of the process that waits there. */
const NAME = /^isolde-drive-(\d+)-\w+$/

/** A folder that only this user may enter, where a helper finds its socket and its secret. */
export function makeMeetingPlace(parent: string): string {
  const folder = fs.mkdtempSync(path.join(parent, `${PREFIX}${process.pid}-`))
  fs.chmodSync(folder, 0o700)
  return folder
}

/** Removes the folders of this user whose process has ended before it met its helper. Never throws. */
export function removeAbandoned(parent: string): void {
  try {
    for (const name of fs.readdirSync(parent)) {
      const [, pid] = NAME.exec(name) ?? []
      const folder = path.join(parent, name)
      if (pid !== undefined && isOwnFolder(folder) && !isRunning(Number(pid)))
        fs.rmSync(folder, { recursive: true, force: true })
    }
  } catch {
    // What is left behind is no reason not to go on.
  }
}

function isOwnFolder(folder: string): boolean {
  const stat = fs.lstatSync(folder, { throwIfNoEntry: false })
  return stat?.isDirectory() === true && stat.uid === (process.getuid?.() ?? stat.uid)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
