// Drives the built program through its window. Finds a browser or fetches one: CHROME_PATH, an installed Chromium or
// Chrome, Playwright's own, and, where this is root on a machine with apt, Debian's headless shell of Chromium.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { chromium } from '@playwright/test'
import { isInstalled, root, run, runTool } from './run.mjs'

// Not before the line above has seen to a Node that reads TypeScript.
const { findBrowser } = await import('../tests/e2e/support/browser.ts')

const hasBrowser = () => existsSync(findBrowser() ?? chromium.executablePath())

async function fetchBrowser() {
  if (hasBrowser()) return true
  if (process.getuid?.() === 0 && isInstalled('apt-get')) {
    const install = (name) => run('apt-get', ['install', '-y', '--no-install-recommends', name])
    if ((await install('chromium-headless-shell')) !== 0) {
      await run('apt-get', ['update'])
      if ((await install('chromium-headless-shell')) !== 0) await install('chromium')
    }
  }
  // Playwright's own, where the network allows it.
  if (!hasBrowser()) await runTool('playwright', ['install', 'chromium'])
  return hasBrowser()
}

if (!(await fetchBrowser())) {
  console.error(
    'No browser to drive. Install Chromium, or name one in CHROME_PATH, or run “npx playwright install chromium”.',
  )
  process.exit(1)
}
if (!existsSync(path.join(root, 'dist/main/cli.js')) || !existsSync(path.join(root, 'dist/renderer/index.html'))) {
  const status = await runTool('electron-vite', ['build', '--logLevel', 'warn'])
  if (status !== 0) process.exit(status)
}
process.exit(await runTool('playwright', ['test', ...process.argv.slice(2)]))
