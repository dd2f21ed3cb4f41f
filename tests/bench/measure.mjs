// Timing of whole programs.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')

/** Isolde's own command, on the Node that runs this. */
export function commandLine(name, args) {
  return { name, program: process.execPath, args: [path.join(root, 'bin', 'isolde.mjs'), ...args] }
}

export function isInstalled(program) {
  return program === process.execPath || spawnSync('which', [program], { stdio: 'ignore' }).status === 0
}

/** Runs a program with its output thrown away. */
export function timed({ program, args }) {
  const started = process.hrtime.bigint()
  const usesTime = isInstalled('/usr/bin/time')
  const run = usesTime
    ? spawnSync('/usr/bin/time', ['-f', 'PEAK %M', program, ...args], {
        stdio: ['ignore', 'ignore', 'pipe'],
        maxBuffer: 1 << 28,
      })
    : spawnSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 1 << 28 })
  const seconds = Number(process.hrtime.bigint() - started) / 1e9
  const peak = /PEAK (\d+)/.exec(String(run.stderr))
  return { seconds, status: run.status ?? 1, peakBytes: Number(peak?.[1] ?? 0) * 1024 }
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? NaN
}
