import os from 'node:os'
import { defineConfig } from 'vitest/config'
import { decodersPlugin } from './scripts/decoders-plugin.mjs'

const project = (name: string, include: string[], testTimeout: number, more: object = {}) => ({
  plugins: [decodersPlugin()],
  test: { name, include, testTimeout, environment: 'node' as const, pool: 'forks' as const, ...more },
})

/** Reading keeps nothing between images: its tests share processes, which load it once. */
const READING = ['tests/unit/{image,identify,verify}/**/*.test.ts']

export default defineConfig({
  test: {
    // Most of them wait for a program that they have started: one worker would leave a small machine idle.
    maxWorkers: Math.max(2, os.availableParallelism() - 1),
    projects: [
      project('unit', ['tests/unit/**/*.test.ts'], 20_000, { exclude: READING }),
      project('reading', READING, 20_000, { isolate: false }),
      project('hostile', ['tests/hostile/**/*.test.ts', 'tests/damage/**/*.test.ts'], 60_000),
      project('faults', ['tests/faults/**/*.test.ts'], 180_000),
      project('author', ['tests/author/**/*.test.ts'], 60_000),
      project('boot', ['tests/boot/**/*.test.ts'], 90_000),
      project('ways', ['tests/ways/**/*.test.ts'], 60_000),
      project('corpus', ['tests/corpus/**/*.test.ts'], 60_000),
    ],
  },
})
