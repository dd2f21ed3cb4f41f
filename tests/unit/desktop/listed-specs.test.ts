import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'

/** The specs that start Electron itself do not run where it is not: that they load and are found is known all the same. */
it('the specs of the desktop are found', () => {
  const listed = execFileSync(
    process.execPath,
    ['node_modules/@playwright/test/cli.js', 'test', '--list', '--config', 'tests/electron'],
    { encoding: 'utf8', env: { ...process.env, ISOLDE_E2E_REPORT: undefined } },
  )
  for (const title of [
    // Its own, and those that it shares with the browser.
    'Extract Here writes what is on the disc beside the image, and the program ends',
    'actions for several images at once become one queue',
    'a second start hands its image to the first and ends',
    'browse.spec.ts',
    'settings.spec.ts',
  ])
    expect(listed).toContain(title)
  expect(listed).not.toMatch(/\.web\.spec|window\//)
})
