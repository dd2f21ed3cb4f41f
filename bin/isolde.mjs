#!/usr/bin/env node
// The command. Needs Node 22.15 or newer (zstd, Node-API of the database); where the system's is older, it runs itself
// again on the one that npm has installed beside it.
import { existsSync, lstatSync, mkdirSync } from 'node:fs'
// The default export: Node 20 lacks one of the names, and must still get as far as the re-run.
import module from 'node:module'
import { homedir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const isRecent = major > 22 || (major === 22 && minor >= 15)

if (isRecent) {
  endWithLauncher()
  const cache = compileCache()
  if (cache !== null) module.enableCompileCache?.(cache)
  const entry = new URL('../dist/main/cli.js', import.meta.url)
  if (existsSync(fileURLToPath(entry))) await import(entry)
  else fail('is not built yet. Run “npm run build” in its folder.')
} else {
  const node = pinnedNode()
  if (node) {
    const { spawn } = await import('node:child_process')
    // The channel carries nothing: that it closes tells the other that this one has gone, even where it was killed.
    const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    })
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

// Whoever kills the command that they have started means this one: what it does is left as a polite kill leaves it. The
// channel alone keeps nothing running.
function endWithLauncher() {
  if (!process.connected) return
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel?.unref()
}

// What is run from here must not be put here by others: a folder of the profile that only this user may enter, never the
// system's temporary folder, which is Node's own choice. Null where there is none; everything then takes a little longer.
function compileCache() {
  if (typeof module.enableCompileCache !== 'function') return null
  const folder = path.join(profileFolder(), 'compile-cache')
  try {
    makeFolders(folder)
    const { mode, uid } = lstatSync(folder)
    const isOwn = process.platform === 'win32' || (uid === process.getuid() && (mode & 0o022) === 0)
    return isOwn && lstatSync(folder).isDirectory() ? folder : null
  } catch {
    return null
  }
}

// As src-main/sinks/make-folders.ts: Node's own way never ends below /proc.
function makeFolders(folder) {
  if (existsSync(folder)) return
  if (path.dirname(folder) !== folder) makeFolders(path.dirname(folder))
  mkdirSync(folder, { mode: 0o700 })
}

// As src-main/engine/process/home.ts, which is not loaded yet.
function profileFolder() {
  const { ISOLDE_HOME, APPDATA, XDG_DATA_HOME } = process.env
  if (ISOLDE_HOME) return path.resolve(ISOLDE_HOME)
  if (process.platform === 'win32') return path.join(APPDATA ?? path.join(homedir(), 'AppData', 'Roaming'), 'Isolde')
  if (process.platform === 'darwin') return path.join(homedir(), 'Library', 'Application Support', 'Isolde')
  return path.join(XDG_DATA_HOME ?? path.join(homedir(), '.local', 'share'), 'isolde')
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
