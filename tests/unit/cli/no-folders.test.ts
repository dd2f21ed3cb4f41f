import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../support'

/** A file system that takes no folders and says that the one around them is not there: Node's own call never came back. */
const PLACE = '/proc/isolde'
const SAMPLE = path.resolve('tests/images/sample.iso')

function run(args: string[], home: string): { status: number | null; stderr: string } {
  const env = { ...process.env, ISOLDE_HOME: home }
  return spawnSync(process.execPath, ['bin/isolde.mjs', ...args], { env, encoding: 'utf8', timeout: 30_000 })
}

it.runIf(process.platform === 'linux').each([
  ['extract', '--to', PLACE],
  ['rescue', '--to', PLACE],
  ['convert', `${PLACE}/disc.iso`],
  ['verify', '--report', `${PLACE}/report.html`],
  ['verify', '--map', `${PLACE}/disc.map`],
])('%s %s ends with a sentence where no folder can be made', (command, ...rest) => {
  const { status, stderr } = run([command, SAMPLE, ...rest], temporaryFolder())
  expect(status).toBe(4)
  expect(stderr).toMatch(/hoose another folder\./)
})

it.runIf(process.platform === 'linux')('a profile that cannot be made keeps nothing from being listed', () => {
  expect(run(['list', SAMPLE], PLACE)).toMatchObject({ status: 0 })
})
