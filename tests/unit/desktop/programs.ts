import { spawnSync } from 'node:child_process'
import { it } from 'vitest'

export function isInstalled(program: string): boolean {
  return spawnSync(process.platform === 'win32' ? 'where' : 'which', [program], { stdio: 'ignore' }).status === 0
}

/** A test that asks programs of others, and is skipped, by name, where one of them is not installed. */
export function itWith(
  programs: string | string[],
  name: string,
  test: () => void | Promise<void>,
  withinMs?: number,
): void {
  const missing = [programs].flat().filter((program) => !isInstalled(program))
  it.skipIf(missing.length > 0)(missing.length === 0 ? name : `${name} (needs ${missing.join(', ')})`, test, withinMs)
}

/** @throws {Error} with everything the program said, unless it is content */
export function run(program: string, args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}\n${stdout}${stderr}`)
  return stdout
}

/** 7-Zip, as the system calls it: Debian 12 has `7zz`, Debian 13 `7z`. */
export const SEVEN_ZIP = ['7zz', '7z', '7za'].find(isInstalled) ?? '7zz'
