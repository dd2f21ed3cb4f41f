import { execFile } from 'node:child_process'
import fs from 'node:fs'

/** Where programs of the system lie; `PATH` is not asked, which anybody may have set. */
const FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin']
/** A program that unmounts may wait for what is on its way to a disk; ours has nothing on its way. */
const PATIENCE = 30_000

/** The absolute place of the first of these programs that is there; null without any. */
export function findProgram(...names: string[]): string | null {
  for (const name of names)
    for (const folder of FOLDERS) if (fs.existsSync(`${folder}/${name}`)) return `${folder}/${name}`
  return null
}

/** Runs a program by its absolute place, without a shell. @returns what it said where it failed; null where all is well */
export function problemOf(program: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const environment = { PATH: FOLDERS.join(':'), LC_ALL: 'C' }
    execFile(program, [...args], { env: environment, timeout: PATIENCE }, (error, _, stderr) => {
      resolve(error === null ? null : lastLineOf(stderr) || error.message)
    })
  })
}

/** Programs explain themselves at length; what is wrong comes last. */
export function lastLineOf(text: string): string {
  return (text.trim().split('\n').at(-1) ?? '').replace(/^[\w./-]+: /, '').replace(/\.$/, '')
}
