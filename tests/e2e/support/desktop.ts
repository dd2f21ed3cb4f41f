import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Electron's runtime, which its npm package fetches separately; undefined where it was not. */
export function findDesktop(): string | undefined {
  const folder = join(import.meta.dirname, '../../../node_modules/electron/dist')
  return [
    process.env.ELECTRON_PATH,
    join(folder, 'electron'),
    join(folder, 'electron.exe'),
    join(folder, 'Electron.app/Contents/MacOS/Electron'),
  ].find((path) => path !== undefined && existsSync(path))
}
