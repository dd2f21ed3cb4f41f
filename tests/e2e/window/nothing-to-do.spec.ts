import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '../support/fake-host'

test('an image that could not be opened has no map, and nothing is verified or extracted of it', async ({
  app,
  home,
}) => {
  await writeFile(join(home, 'broken.iso'), 'nothing')
  await app.left.typePath(join(home, 'broken.iso'))
  await expect(app.left.message).toContainText('is not a disc image')
  for (const keys of ['Alt+m', 'Alt+s', 'Alt+v', 'F5', 'Alt+F5']) await app.press(keys)
  await expect(app.dialog).toBeHidden()
  await expect(app.queue).toBeHidden()
})

test('one image alone is compared with nothing, and what is missing is said', async ({ app, engine }) => {
  await app.left.openRow('debian-12.1.0-amd64-netinst.iso')
  await expect(app.right.row('README.html')).toBeVisible()
  await app.press('Alt+k')
  await expect(app.toasts).toContainText('Open a second image in the other pane')
  expect(engine.posted.some((message) => JSON.stringify(message).includes('"kind":"compare"'))).toBe(false)
})
