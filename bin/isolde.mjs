#!/usr/bin/env node
// The command. Needs Node 22.15 or newer (zstd, Node-API of the database); where the system's is older, it runs itself
// again on the one that npm has installed beside it.
import { existsSync } from 'node:fs'
// The default export: Node 20 lacks one of the names, and must still get as far as the re-run.
import module from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const isRecent = major > 22 || (major === 22 && minor >= 15)

if (isRecent) {
  module.enableCompileCache?.()
  const entry = new URL('../dist/main/cli.js', import.meta.url)
  if (existsSync(fileURLToPath(entry))) await import(entry)
  else fail('is not built yet. Run “npm run build” in its folder.')
} else {
  const node = pinnedNode()
  if (node) {
    const { spawn } = await import('node:child_process')
    const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
    // The terminal sends Ctrl+C to both; this one waits for the other's answer. A kill is passed on.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
      process.on(signal, () => {
        if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
      })
    child.on('error', (error) => fail(`cannot start its own Node: ${error.message}`))
    child.on('exit', (code, signal) => process.exit(signal ? 130 : (code ?? 1)))
  } else
    fail(`needs Node 22.15 or newer; this is ${process.versions.node}. Install one, or run “npm ci” in its folder.`)
}

function pinnedNode() {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  try {
    const folder = path.dirname(module.createRequire(import.meta.url).resolve(`${name}/package.json`))
    const node = path.join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    return existsSync(node) ? node : null
  } catch {
    return null
  }
}

function fail(sentence) {
  process.stderr.write(`isolde: ${sentence}\n`)
  process.exitCode = 4
}
