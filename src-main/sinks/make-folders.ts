import fs from 'node:fs'
import path from 'node:path'

/**
 * Makes a folder and those around it, as far as they are not there. Node's own way of doing so never ends where the system
 * says of a folder that is there that nothing can be made in it because it is not there, as `/proc` does.
 * @param mode of those that are made
 * @throws {Error} the system's, also where something else than a folder has the name
 */
export function makeFolders(folder: string, mode = 0o777): void {
  const missing: string[] = []
  const whole = path.resolve(folder)
  for (let at = whole; !fs.existsSync(at) && path.dirname(at) !== at; at = path.dirname(at)) missing.unshift(at)
  for (const one of missing.length === 0 ? [whole] : missing) {
    try {
      fs.mkdirSync(one, { mode })
    } catch (error) {
      // Another process may have made it meanwhile.
      if (fs.statSync(one, { throwIfNoEntry: false })?.isDirectory() !== true) throw error
    }
  }
}
