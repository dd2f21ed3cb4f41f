// `npm run test:electron -- ARGS`: drives the built program in Electron. Which one: `ISOLDE_ELECTRON`, a program or a command
// that is given Electron's arguments, else the runtime of Electron's package. Without either every spec is skipped, by name.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { root, runTool } from './run.mjs'

if (!existsSync(path.join(root, 'dist/main/desktop.js'))) {
  const status = await runTool('electron-vite', ['build', '--logLevel', 'warn'])
  if (status !== 0) process.exit(status)
}
process.exit(await runTool('playwright', ['test', '--config', 'tests/electron', ...process.argv.slice(2)]))
