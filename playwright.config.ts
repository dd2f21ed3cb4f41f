import { defineConfig, type ReporterDescription } from '@playwright/test'
import { join } from 'node:path'

const report = process.env.ISOLDE_E2E_REPORT

/** Each spec starts its own program with its own profile; two at a time keep a small machine quick. */
export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  timeout: 45_000,
  expect: {
    timeout: 10_000,
    // See docs/screens.md: enough for another machine's fonts, far from enough for another layout.
    toHaveScreenshot: { maxDiffPixelRatio: 0.004, threshold: 0.04, animations: 'disabled', caret: 'hide' },
  },
  snapshotPathTemplate: 'docs/screens/{arg}{ext}',
  // Pictures that are missing are a mistake, unless they are being written on purpose.
  updateSnapshots: 'none',
  workers: 2,
  fullyParallel: true,
  // No second try: a spec that fails once has a race, or has found one.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: [
    ['list'],
    [join(import.meta.dirname, 'tests/e2e/support/hosts-reporter.ts')],
    // `npm test` adds its numbers up from here.
    ...(report === undefined ? [] : [['json', { outputFile: report }] satisfies ReporterDescription]),
  ],
  // A trace of every step makes the whole a fifth slower: `ISOLDE_TRACE=1` where a failure asks for one.
  use: {
    trace: process.env.ISOLDE_TRACE ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    viewport: { width: 1280, height: 800 },
  },
  // In Electron itself: `tests/electron/playwright.config.ts`, which takes all of these but `*.web.spec.ts` and `window/`.
  projects: [{ name: 'web' }],
})
