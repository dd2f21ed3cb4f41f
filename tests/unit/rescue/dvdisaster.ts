import { spawnSync } from 'node:child_process'

/** The original program, as a witness; null where it is not installed. */
export const dvdisaster: ((...args: string[]) => string) | null =
  spawnSync('dvdisaster', ['--version']).error === undefined
    ? (...args) => {
        const { stdout, stderr } = spawnSync('dvdisaster', args, { encoding: 'utf8', maxBuffer: 1 << 28 })
        return `${stdout}${stderr}`
      }
    : null
