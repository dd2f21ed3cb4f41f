// `npm run package -- ARGS`: electron-builder, where Electron's runtime can be had; one line where it cannot.
import { runKept, runTool } from './run.mjs'

if ((await runTool('electron-vite', ['build', '--logLevel', 'warn'])) !== 0) process.exit(1)
const suffix = process.platform === 'win32' ? '.cmd' : ''
const { status, output } = await runKept(
  `node_modules/.bin/electron-builder${suffix}`,
  ['--publish', 'never', ...process.argv.slice(2)],
  {
    shell: process.platform === 'win32',
  },
)
if (status !== 0 && /ENOTFOUND|ECONNREFUSED|EAI_AGAIN|cannot resolve|status code|getaddrinfo/i.test(output))
  console.error('isolde: Electron’s runtime cannot be fetched from here, so nothing can be packaged.')
process.exitCode = status
