import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { SAMPLE, temporaryFolder } from '../support'

const { namedRuntime, runtimeProgram, targetPlatform } = (await import(
  pathToFileURL(path.resolve('scripts/electron-runtime.mjs')).href
)) as {
  namedRuntime: (args: string[], environment: NodeJS.ProcessEnv) => string | null
  runtimeProgram: (folder: string, platform?: string) => string | null
  targetPlatform: (args: string[], platform?: string) => string
}

describe('the runtime that is named', () => {
  it.each([
    [['--dir', '-c.electronDist=/a b'], {}, '/a b'],
    [['--config.electronDist', '/a', '--dir'], {}, '/a'],
    [['-c.electronDist=/a'], { ELECTRON_OVERRIDE_DIST_PATH: '/b' }, '/a'],
    [['--dir'], { ELECTRON_OVERRIDE_DIST_PATH: '/b' }, '/b'],
    [['--dir', '-c.electronVersion=1'], { ELECTRON_OVERRIDE_DIST_PATH: '' }, null],
  ])('%j with %j is %s', (args, environment, runtime) => {
    expect(namedRuntime(args, environment)).toBe(runtime)
  })

  it('has its program by system', () => {
    const folder = temporaryFolder()
    for (const name of ['electron', 'electron.exe']) fs.writeFileSync(path.join(folder, name), '')
    expect(runtimeProgram(folder, 'linux')).toBe(path.join(folder, 'electron'))
    expect(runtimeProgram(folder, 'win32')).toBe(path.join(folder, 'electron.exe'))
    expect(runtimeProgram(folder, 'darwin')).toBe(null)
  })

  it('is packed for the system that is named', () => {
    expect(targetPlatform(['--dir', '--win'], 'linux')).toBe('win32')
    expect(targetPlatform(['--mac'], 'linux')).toBe('darwin')
    expect(targetPlatform(['--dir'], 'linux')).toBe('linux')
  })
})

describe.skipIf(process.platform === 'win32')('the scripts', () => {
  const run = (script: string, args: string[], runtime: string) =>
    spawnSync(process.execPath, [script, ...args], {
      encoding: 'utf8',
      env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: runtime },
    })

  it('`npm start` starts the one that is named', () => {
    const folder = temporaryFolder()
    const program = path.join(
      folder,
      process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron',
    )
    fs.mkdirSync(path.dirname(program), { recursive: true })
    fs.writeFileSync(program, '#!/bin/sh\necho started "$@"\n', { mode: 0o755 })
    expect(run('scripts/start.mjs', [SAMPLE], folder).stdout).toContain(`started ${process.cwd()} ${SAMPLE}`)
  })

  it('`npm run package` says in one line that it is not there', () => {
    const { status, stderr } = run('scripts/package.mjs', ['--dir'], '/nowhere/electron')
    expect(status).toBe(1)
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining('/nowhere/electron is not there')])
  })
})
