import { existsSync } from 'node:fs'
import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { whyNotMountable } from '../unit/mount/mountable'
import { SAMPLE } from './support/samples'
import { expect, test } from './support/test'

test('an image is mounted as a drive, shown, and ejected', async ({ app, folders }) => {
  const reason = whyNotMountable()
  test.skip(reason !== null, reason ?? '')
  await copyFile(SAMPLE, join(folders.downloads, 'sample.iso'))
  await app.left.row('sample.iso').click()
  await app.press('Alt+Shift+M')
  await expect(app.toasts).toContainText('sample.iso is mounted')
  const place = (await app.toasts.last().getByText(/^\//).textContent()) ?? ''
  const welcome = await readFile(join(place, 'Welcome.txt'), 'utf8')
  expect(welcome).toContain('Isolde')
  await app.toasts.last().getByRole('button', { name: 'Show' }).click()
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await app.goTo(app.right, folders.home)
  await app.left.row('sample.iso').click()
  await app.press('Alt+Shift+D')
  await expect(app.toasts.last()).toContainText('1 image ejected')
  expect(existsSync(join(place, 'Welcome.txt'))).toBe(false)
})
