import { defineConfig } from '@playwright/test'
import shared from '../../playwright.config'

/**
 * The window in Electron itself: the end-to-end specs that need no browser host, and those of this folder, which are about
 * what only a desktop does. `npm run test:electron`; see docs/desktop.md.
 */
export default defineConfig({
  ...shared,
  testDir: '..',
  testMatch: ['electron/*.spec.ts', 'e2e/*.spec.ts'],
  outputDir: '../../test-results/electron',
  // A program that starts in a second elsewhere takes ten where it is emulated.
  timeout: 120_000,
  workers: 1,
  projects: [{ name: 'desktop', testIgnore: '**/*.web.spec.ts' }],
})
