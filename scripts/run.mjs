// What the other scripts share: a recent Node, running a program with its output shown, and finding things. A script
// that imports this runs on the Node that npm has installed beside it wherever the system's is too old.
import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 15)) {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const node = path.join(root, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!fs.existsSync(node)) {
    console.error(
      `Node 22.15 or newer is needed; this is ${process.versions.node}. Run “npm ci” first, or install one.`,
    )
    process.exit(1)
  }
  const again = spawnSync(node, process.argv.slice(1), { stdio: 'inherit' })
  process.exit(again.status ?? 1)
}
// Tools are found by their first line, `env node`: it must find this Node too.
process.env.PATH = `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}`

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
