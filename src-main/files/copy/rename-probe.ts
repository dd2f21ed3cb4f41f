import fs from 'node:fs'
import path from 'node:path'
import { HIDDEN_ID, hiddenName } from '../../sinks/stage-name'
import { namesIn, systemPath } from '../../sinks/system-path'
import { refused } from './content'

const PROBE = new RegExp(`^${HIDDEN_ID}\\.probe$`)
/** Another process may take a probe for one that was left behind, and removes it. */
const TRIES = 5

/**
 * Whether what lies in one folder can be renamed into another: on one disk, and within one mount of it, which only trying
 * tells.
 * @throws {FileAccessError} where the source's folder may not be changed, so that nothing can be moved out of it
 */
export function canRename(from: string, to: string): boolean {
  for (const folder of [from, to]) sweepProbes(folder)
  for (let tried = 1; ; tried++) {
    const name = `${hiddenName()}.probe`
    const [probe, moved] = [systemPath(path.join(from, name)), systemPath(path.join(to, name))]
    try {
      fs.mkdirSync(probe)
    } catch (error) {
      throw refused(error, from)
    }
    try {
      fs.renameSync(probe, moved)
      removeEmpty(moved)
      return true
    } catch (error) {
      removeEmpty(probe)
      const { code } = error as { code?: string }
      if (code === 'EXDEV') return false
      if (code !== 'ENOENT' || tried === TRIES) throw refused(error, to)
    }
  }
}

/** Removes probes that a process which was killed has left in a folder: they are empty, and nobody else's. */
export function sweepProbes(folder: string): void {
  let names: string[]
  try {
    names = namesIn(folder)
  } catch {
    // Whoever needs what is in it tells.
    return
  }
  for (const name of names) if (PROBE.test(name)) removeEmpty(systemPath(path.join(folder, name)))
}

function removeEmpty(folder: string | Buffer): void {
  try {
    fs.rmdirSync(folder)
  } catch {
    // Gone already, or no probe of ours: somebody has put something into it.
  }
}
