import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../support'

function run(home: string, temporary: string): number | null {
  return spawnSync(process.execPath, [path.resolve('bin/isolde.mjs'), '--version'], {
    env: { ...process.env, ISOLDE_HOME: home, TMPDIR: temporary, NODE_COMPILE_CACHE: undefined },
  }).status
}

it.runIf(process.platform !== 'win32')('what the command has compiled is kept in the profile, and nowhere else', () => {
  const home = path.join(temporaryFolder(), 'home')
  const temporary = temporaryFolder()
  expect(run(home, temporary)).toBe(0)
  expect(fs.readdirSync(temporary)).toEqual([])
  const cache = path.join(home, 'compile-cache')
  for (const folder of [home, cache]) expect(fs.statSync(folder).mode & 0o777).toBe(0o700)
  expect(fs.readdirSync(cache)).not.toEqual([])
})

it.runIf(process.platform !== 'win32')('a cache that others may write into is not used', () => {
  const home = temporaryFolder()
  const temporary = temporaryFolder()
  const cache = path.join(home, 'compile-cache')
  fs.mkdirSync(cache)
  fs.chmodSync(cache, 0o777)
  expect(run(home, temporary)).toBe(0)
  expect(fs.readdirSync(cache)).toEqual([])
  fs.rmdirSync(cache)
  fs.symlinkSync(temporary, cache)
  expect(run(home, temporary)).toBe(0)
  expect(fs.readdirSync(temporary)).toEqual([])
})
