// What the other scripts share: running a program with its output shown, and finding things.
import { spawn, spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

/** Runs a program with its output shown; answers its exit status. */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options })
    child.on('error', () => resolve(127))
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

/** Runs a tool of node_modules on this Node. */
export function runTool(name, args, options = {}) {
  const suffix = process.platform === 'win32' ? '.cmd' : ''
  return run(path.join(root, 'node_modules', '.bin', name + suffix), args, {
    shell: process.platform === 'win32',
    ...options,
  })
}

/** Runs a program, shows its output and keeps it too. */
export function runKept(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options })
    let output = ''
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ])
      from.on('data', (bytes) => {
        output += bytes
        to.write(bytes)
      })
    child.on('error', () => resolve({ status: 127, output }))
    child.on('close', (code) => resolve({ status: code ?? 1, output }))
  })
}

export function isInstalled(program) {
  return spawnSync(process.platform === 'win32' ? 'where' : 'which', [program], { stdio: 'ignore' }).status === 0
}
