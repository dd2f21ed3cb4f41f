import fs from 'node:fs'
import path from 'node:path'
import { DeviceError } from '../device-error'
import type { InUse, Machine } from '../drive'
import { readLinuxMachine } from './linux'
import { recordLinux } from './linux-record'
import { diskNames, readMacMachine } from './macos'
import { outputOf } from './run-program'
import { LIST_SCRIPT, readWindowsMachine } from './windows'

export interface ListOptions {
  /** Loop devices and plain files that stand for drives, see {@link readExtraDrives}. */
  extraDrives?: readonly string[]
  inUse?: readonly InUse[]
}

/**
 * This computer’s drives, and what lies on what.
 * @throws {DeviceError} `HELPER_FAILED` where the system’s own program does not answer
 */
export async function listMachine({ extraDrives = [], inUse = [] }: ListOptions = {}): Promise<Machine> {
  const used = inUse.map((each) => ({ ...each, ...existing(each.path) }))
  if (process.platform === 'linux') return readLinuxMachine(recordLinux(extraDrives, used))
  try {
    if (process.platform === 'win32') return readWindowsMachine(await askPowerShell(), used)
    if (process.platform === 'darwin') return readMacMachine({ ...(await askDiskutil()), inUse: used })
  } catch (error) {
    throw new DeviceError('HELPER_FAILED', `The drives cannot be listed (${(error as Error).message}).`)
  }
  throw new DeviceError('HELPER_FAILED', `Drives are not known on ${process.platform}.`)
}

/**
 * The drives for tests that a file names, one path a line. Only loop devices and plain files are taken: nothing that could
 * be somebody’s disk, whatever it is called.
 * @param warn told what was passed over, a sentence each
 */
export function readExtraDrives(file: string | undefined, warn: (sentence: string) => void): string[] {
  if (file === undefined || file === '') return []
  let text: string
  try {
    text = fs.readFileSync(file, 'utf8')
  } catch (error) {
    warn(`${file}, which ISOLDE_DRIVES names, cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`)
    return []
  }
  return text.split(/\r?\n/).flatMap((line) => {
    const named = line.trim()
    if (named === '' || named.startsWith('#')) return []
    const resolved = testDrive(named)
    if (resolved === null) warn(whyNoDrive(named))
    return resolved ?? []
  })
}

function whyNoDrive(named: string): string {
  return fs.existsSync(named)
    ? `${named} is neither a loop device nor a plain file; ISOLDE_DRIVES adds nothing else.`
    : `${named}, which ISOLDE_DRIVES names as a drive, doesn't exist.`
}

/** Its own path, links followed; null for whatever is neither. */
function testDrive(named: string): string | null {
  try {
    const resolved = fs.realpathSync(named)
    const stat = fs.statSync(resolved, { bigint: true })
    if (stat.isFile()) return resolved
    const LOOP_MAJOR = 7n
    const isLoop = stat.isBlockDevice() && ((stat.rdev >> 8n) & 0xfffn) === LOOP_MAJOR
    return isLoop && /^\/dev\/loop\d+$/.test(resolved) ? resolved : null
  } catch {
    return null
  }
}

/** The path, or the nearest folder above it that is there: what is not there yet will lie on that one's disk. */
function existing(named: string): { path: string; isFolderAround: boolean } {
  const first = path.resolve(named)
  for (let at = first; ; at = path.dirname(at)) {
    try {
      return { path: fs.realpathSync(at), isFolderAround: at !== first }
    } catch {
      if (at === path.dirname(at)) return { path: at, isFolderAround: true }
    }
  }
}

function askPowerShell(): Promise<string> {
  const root = process.env.SystemRoot ?? 'C:\\Windows'
  const program = path.win32.join(root, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe')
  return outputOf(program, ['-NoProfile', '-NonInteractive', '-Command', '-'], `${LIST_SCRIPT}\nexit\n`)
}

async function askDiskutil(): Promise<{ list: string; info: Record<string, string> }> {
  const list = await outputOf('/usr/sbin/diskutil', ['list', '-plist'])
  const info: Record<string, string> = {}
  for (const name of diskNames(list)) info[name] = await outputOf('/usr/sbin/diskutil', ['info', '-plist', name])
  return { list, info }
}
