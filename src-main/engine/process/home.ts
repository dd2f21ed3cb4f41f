import os from 'node:os'
import path from 'node:path'

/** The profile folder: `ISOLDE_HOME`, or where the system keeps programs' data. */
export function profileFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment.ISOLDE_HOME
  if (own !== undefined && own !== '') return path.resolve(own)
  const home = os.homedir()
  if (process.platform === 'win32')
    return path.join(environment.APPDATA ?? path.join(home, 'AppData', 'Roaming'), 'Isolde')
  if (process.platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Isolde')
  return path.join(environment.XDG_DATA_HOME ?? path.join(home, '.local', 'share'), 'isolde')
}
