// Puts together what the command line needs beside the packaged program: its built files, its packages, and a Node of
// its own, since Electron's runtime refuses to act as one and a plain Node cannot look into the archive. All of it in one
// folder: what electron-builder takes out of `dist` for beside the archive it leaves out of the archive.
import fs from 'node:fs'
import path from 'node:path'
import { closure, manifest } from './desktop-packages.mjs'
import { root } from './run.mjs'

/** What is of no use at run time, by its path inside a package. */
const LEFT_OUT = /(?:^|\/)(?:deps|src|build|test|tests|docs|\.github)(?:\/|$)|\.(?:map|md|markdown|ts|mts|cts)$/i

/** @returns whether a Node is among it; elsewhere the command line looks for the person's own */
export function prepareCliFolder(folder, platform, arch) {
  fs.rmSync(folder, { recursive: true, force: true })
  fs.mkdirSync(folder, { recursive: true })
  const { name, version, type } = manifest
  fs.writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify({ name, version, type, private: true })}\n`)
  fs.cpSync(path.join(root, 'bin'), path.join(folder, 'bin'), { recursive: true })
  for (const part of ['main', 'renderer'])
    fs.cpSync(path.join(root, 'dist', part), path.join(folder, 'dist', part), {
      recursive: true,
      filter: (file) => !file.endsWith('.map') && file !== path.join(root, 'dist', 'main', 'desktop.js'),
    })
  // A command line is updated with the program.
  const packages = closure([
    ...Object.keys(manifest.dependencies).filter((name) => name !== 'electron-updater'),
    // Optional, and used where its native code is for that system.
    'koffi',
    `@koromix/koffi-${platform}-${arch}`,
  ])
  for (const from of packages.keys())
    fs.cpSync(from, path.join(folder, path.relative(root, from)), {
      recursive: true,
      dereference: true,
      // Only better-sqlite3 has sources beside what it runs; others run from folders of these names.
      filter: (file) => {
        const inside = path.relative(from, file).replaceAll('\\', '/')
        if (inside.startsWith('node_modules')) return false
        // Native code of this system alone.
        if (/^prebuilds\/.*\.node$/.test(inside) && !inside.startsWith(`prebuilds/${platform}`)) return false
        return path.basename(from) === 'better-sqlite3'
          ? !LEFT_OUT.test(inside)
          : !/\.(?:map|md|ts|mts|cts)$/.test(inside)
      },
    })
  const program = platform === 'win32' ? 'node.exe' : 'node'
  const system = platform === 'win32' ? 'win' : platform
  const node = path.join(root, 'node_modules', `node-${system}-${arch}`, 'bin', program)
  if (!fs.existsSync(node)) return false
  fs.copyFileSync(node, path.join(folder, program))
  fs.chmodSync(path.join(folder, program), 0o755)
  return true
}
