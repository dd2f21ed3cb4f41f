import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
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

/** The program that starts Electron; where it is not found, Electron's own package says what is missing. */
export function desktopProgram(): string {
  return findDesktop() ?? (createRequire(import.meta.url)('electron') as string)
}
