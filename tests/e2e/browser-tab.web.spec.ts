import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './support/test'

/** What is so in a tab of a browser alone. */

test('a part of the window that is gone since an update is said, and no empty dialog stays', async ({ app }) => {
  await app.page.route('**/HandbookDialog-*.js', (route) => route.fulfill({ status: 404, body: '' }))
  await app.press('Alt+Shift+F1')
  const banner = app.page.getByRole('alert').filter({ hasText: 'Isolde has been updated' })
  await expect(banner).toBeVisible()
  await expect(app.dialog).toBeHidden()
  await app.page.unroute('**/HandbookDialog-*.js')
  await banner.getByRole('button', { name: 'Load again' }).click()
  await expect(banner).toBeHidden()
  await app.isReady()
  await app.press('Alt+Shift+F1')
  await expect(app.dialog).toContainText('Handbook')
})

test('keys that take things away say that only the desktop program does', async ({ app, folders }) => {
  await writeFile(join(folders.downloads, 'note.txt'), 'a note')
  await app.left.row('note.txt').click()
  for (const key of ['Delete', 'Shift+Delete', 'F8']) {
    await app.press(key)
    await expect(app.toasts.filter({ hasText: 'by the desktop program only' })).toBeVisible()
    await app.toasts.getByRole('button', { name: 'Dismiss' }).click()
    await expect(app.toasts).toHaveCount(0)
  }
})

test('the key that closes a tab does so from the field of a search', async ({ app }) => {
  await app.press('Alt+F7')
  await expect(app.active.getByRole('searchbox').or(app.active.getByRole('textbox')).first()).toBeFocused()
  await app.press('Alt+w')
  await expect(app.active.getByRole('tab', { name: /Search/ })).toHaveCount(0)
})
