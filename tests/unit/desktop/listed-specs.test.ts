import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'

/** The specs that start Electron itself do not run where it is not: that they load and are found is known all the same. */
it('the specs of the desktop are found where there is a runtime', () => {
  const listed = execFileSync(
    process.execPath,
    ['node_modules/@playwright/test/cli.js', 'test', '--list', '--project=desktop', 'tests/e2e/desktop'],
    // Any file that is there will do: nothing is started.
    { encoding: 'utf8', env: { ...process.env, ELECTRON_PATH: process.execPath, ISOLDE_E2E_REPORT: undefined } },
  )
  for (const title of [
    'Extract Here writes what is on the disc beside the image, and the program ends',
    'verbs for several images at once become one queue',
    'a second start hands its image to the first and ends',
  ])
    expect(listed).toContain(title)
})
