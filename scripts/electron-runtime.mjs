// Which Electron runtime was named by the person: the folder of an unpacked one (a build of their own, a mirror's, one that
// was carried to a machine without a network).
import { existsSync } from 'node:fs'
import path from 'node:path'

/** Its program inside of its folder, by system. */
const PROGRAMS = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }

/**
 * @param args electron-builder's, of which `-c.electronDist=FOLDER` (or `--config.electronDist`) names one
 * @returns what is named there, or by `ELECTRON_OVERRIDE_DIST_PATH`; null where nothing is
 */
export function namedRuntime(args = [], environment = process.env) {
  for (const [index, word] of args.entries()) {
    const [, value] = /^(?:-c|--config)\.electronDist(?:=(.*))?$/.exec(word) ?? [null, null]
    if (value !== null) return value ?? args[index + 1] ?? ''
  }
  return environment.ELECTRON_OVERRIDE_DIST_PATH || null
}

/** The path of the program in a runtime's folder; null where it is not there. */
export function runtimeProgram(folder, platform = process.platform) {
  const program = path.join(folder, PROGRAMS[platform] ?? 'electron')
  return existsSync(program) ? program : null
}

/** The system that electron-builder is to make a program for: each makes its own unless another is named. */
export function targetPlatform(args, platform = process.platform) {
  const named = (...words) => words.some((word) => args.includes(word))
  if (named('--win', '--windows', '-w')) return 'win32'
  if (named('--mac', '--macos', '-m')) return 'darwin'
  return named('--linux', '-l') ? 'linux' : platform
}
