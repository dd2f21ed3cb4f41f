import { defineConfig } from '@playwright/test'

/** Measures the window; see run.mjs, which starts it. One at a time, or they would measure each other. */
export default defineConfig({
  testDir: '.',
  testMatch: 'window.bench.ts',
  outputDir: '../../test-results/bench',
  timeout: 240_000,
  workers: 1,
  reporter: [['line']],
})
