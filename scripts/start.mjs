// `npm start -- IMAGE …`: the desktop program where Electron's runtime is there or can be fetched, else the same window
// in a browser. `ELECTRON_OVERRIDE_DIST_PATH` names the folder of another runtime.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'
import { namedRuntime, runtimeProgram } from './electron-runtime.mjs'
import { root, run, runTool } from './run.mjs'

const images = process.argv.slice(2)
if (
  !existsSync(path.join(root, 'dist', 'main', 'cli.js')) &&
  (await runTool('electron-vite', ['build', '--logLevel', 'warn'])) !== 0
)
  process.exit(1)

const electron = await electronRuntime()
if (electron) {
  const environment = { ...process.env }
  delete environment.ELECTRON_RUN_AS_NODE
  process.exitCode = await run(electron, [root, ...images.map((image) => path.resolve(image))], { env: environment })
} else {
  const named = namedRuntime()
  const why = named === null ? 'is not here and cannot be fetched' : `is not in ${named}`
  console.error(`Electron’s runtime ${why}, so the window is served to a browser instead:`)
  process.exitCode = await run(process.execPath, [path.join(root, 'bin', 'isolde.mjs'), 'serve', ...images])
}

/** The path of Electron's program, fetched if need be; null where it cannot be had. */
async function electronRuntime() {
  const named = namedRuntime()
  if (named !== null) return runtimeProgram(named)
  const require = createRequire(import.meta.url)
  const folder = path.dirname(require.resolve('electron/package.json'))
  const pathFile = path.join(folder, 'path.txt')
  if (!existsSync(pathFile)) {
    const fetched = await run(process.execPath, [path.join(folder, 'install.js')], {
      stdio: 'ignore',
      timeout: 120_000,
    })
    if (fetched !== 0 || !existsSync(pathFile)) return null
  }
  try {
    const program = require('electron')
    return existsSync(program) ? program : null
  } catch {
    return null
  }
}
