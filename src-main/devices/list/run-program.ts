import { execFile } from 'node:child_process'
import path from 'node:path'

/** Longest wait for a program that only looks. */
const PATIENCE = 30_000

/**
 * What a program of the system prints. Started by its absolute place with an array of arguments, never through a shell.
 * @param input given to it on standard input
 * @throws the system's error, or what it said on standard error
 */
export function outputOf(program: string, args: readonly string[], input = ''): Promise<string> {
  if (!path.isAbsolute(program)) throw new RangeError(`${program} has no absolute place.`)
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...args],
      { encoding: 'utf8', timeout: PATIENCE, maxBuffer: 1 << 26, windowsHide: true, env: plainEnvironment() },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout)
        else reject(new Error(stderr.trim() === '' ? error.message : stderr.trim(), { cause: error }))
      },
    )
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}

/** Programs say what they say in one language. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C', LANG: 'C' }
}
