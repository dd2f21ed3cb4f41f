import { expect, test } from './support/test'

/** Lets a part of the window arrive late, as from a slow disk or a busy machine. */
const LATE = 1500

test('what is typed while the palette is still being loaded is what it looks for', async ({ app }) => {
  await app.page.route('**/PaletteDialog-*.js', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, LATE))
    await route.continue()
  })
  await app.press('Control+k')
  await app.page.keyboard.type('find losd')
  await app.press('Backspace')
  await app.page.keyboard.type('t')
  const field = app.dialog.getByRole('combobox')
  await expect(field).toHaveValue('find lost')
  await expect(field).toBeFocused()
  await expect(app.dialog.getByRole('option').first()).toContainText('Find lost images…')
  await app.page.keyboard.type(' im')
  await expect(field).toHaveValue('find lost im')

  // What was typed for one dialog is not for the next.
  await app.press('Escape')
  await expect(app.dialog).toBeHidden()
  await app.press('Control+k')
  await expect(field).toHaveValue('')
})
