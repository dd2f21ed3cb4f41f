import fs from 'node:fs'
import path from 'node:path'

/**
 * A mark beside the catalog for every program that has it open: finding one of a program that is gone means that it did
 * not end well. One each, so that the end of one says nothing of another.
 */
const TAIL = '.open'

/** To be called when the catalog is in use. @throws the system's error */
export function markOpen(filePath: string): void {
  fs.writeFileSync(markOf(filePath, process.pid), '', { mode: 0o600 })
}

/** To be called when it is not any more. @throws the system's error */
export function unmarkOpen(filePath: string): void {
  fs.rmSync(markOf(filePath, process.pid), { force: true })
}

/**
 * Whether a program ended over the catalog and no other one works on it, which would have found damage itself. Marks of
 * programs that are gone are removed.
 */
export function endedBadly(filePath: string): boolean {
  const beginning = `${path.basename(filePath)}${TAIL}`
  const folder = path.dirname(filePath)
  let isInUse = false
  let hasEnded = false
  for (const name of fs.readdirSync(folder)) {
    if (!name.startsWith(beginning)) continue
    const processId = processIdOf(path.join(folder, name), name.slice(beginning.length))
    if (processId !== process.pid && isAlive(processId)) isInUse = true
    else {
      hasEnded = true
      fs.rmSync(path.join(folder, name), { force: true })
    }
  }
  return hasEnded && !isInUse
}

function markOf(filePath: string, processId: number): string {
  return `${filePath}${TAIL}.${processId}`
}

/** The first versions had one mark for all, with the number in it. */
function processIdOf(mark: string, tail: string): number {
  try {
    return tail === '' ? Number(fs.readFileSync(mark, 'latin1')) : Number(tail.slice(1))
  } catch {
    return 0
  }
}

function isAlive(processId: number): boolean {
  if (!(processId > 0)) return false
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'
  }
}
