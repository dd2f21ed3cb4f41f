import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const ISOLDE = path.resolve('bin/isolde.mjs')

export interface Ran {
  status: number | null
  stdout: string
  stderr: string
  /** Standard output as one JSON value a line. */
  rows: Record<string, unknown>[]
}

/** Runs the built command as a script would. */
export function isolde(args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Ran {
  if (!fs.existsSync('dist/main/cli.js'))
    throw new Error('Run “npm run build” first: these tests drive the built command.')
  const run = spawnSync(process.execPath, [ISOLDE, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 30_000,
    // A profile that cannot be used: these commands must not need one.
    env: { ...process.env, ISOLDE_HOME: '/dev/null/nowhere', NO_COLOR: '1', ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  })
  const rows =
    args.includes('--json') && run.stdout !== ''
      ? run.stdout
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Record<string, unknown>)
      : []
  return { status: run.status, stdout: run.stdout, stderr: run.stderr, rows }
}
