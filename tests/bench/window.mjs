// Runs window.bench.ts in a browser and hands its figures to run.mjs.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const CONFIG = fileURLToPath(new URL('playwright.config.ts', import.meta.url))
const PLAYWRIGHT = fileURLToPath(new URL('../../node_modules/@playwright/test/cli.js', import.meta.url))

/** Rows for the table: title, own figure, against, aim, memory. Empty, with a word of why, where there is no browser. */
export function measureWindow(scratch) {
  const out = path.join(scratch, 'window.jsonl')
  const env = { ...process.env, ISOLDE_BENCH_OUT: out }
  const { status } = spawnSync(process.execPath, [PLAYWRIGHT, 'test', '-c', CONFIG], { env, stdio: 'inherit' })
  if (status !== 0) console.log('Not all of the window could be measured; is there a browser?')
  if (!fs.existsSync(out)) return []
  return fs
    .readFileSync(out, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}
