import { copyFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { SAMPLE } from './support/samples'
import { expect, test } from './support/test'

test('an engine that is killed comes back, and so does what was open', async ({ app, folders, killEngine }) => {
  test.skip(process.platform !== 'linux', 'Finds the engine below /proc.')
  await copyFile(SAMPLE, join(folders.home, 'sample.iso'))
  await app.open(join(folders.home, 'sample.iso'))
  await app.right.openRow('Recipes')
  await expect(app.right.row('Käsespätzle.txt')).toBeVisible()
  await killEngine()
  await expect(app.toasts).toContainText('was started again')
  // What F5 does is offered again once the image is open again.
  await expect(app.right.transferButton).toBeVisible()
  await app.right.row('Käsespätzle.txt').click()
  await app.press('F5')
  await expect.poll(() => readdir(folders.downloads)).toEqual(['Käsespätzle.txt'])
  // The new engine watches the folders that are shown.
  await expect(app.left.row('Käsespätzle.txt')).toBeVisible()
})
