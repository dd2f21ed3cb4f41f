import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './support/test'
import { SAMPLE, writeSampleFiles } from './support/samples'
import { writeTinyIso } from './support/tiny-iso'

test('opens, searches, previews, extracts and cancels by keys alone', async ({ app, folders }, testInfo) => {
  test.skip(testInfo.project.name === 'desktop', 'on a desktop the dialog is the system’s')
  const { keyboard } = app.page
  await writeSampleFiles(join(folders.home, 'Source'))
  await writeTinyIso(join(folders.home, 'large.iso'), 'LARGE.BIN', 3_900_000_000)
  // Whatever uses the mouse from here on fails.
  await app.page.evaluate(() => {
    const refuse = (event: Event): void => {
      if (event.isTrusted && (event as PointerEvent).pointerType !== '') throw new Error('A pointer was used.')
    }
    for (const name of ['pointerdown', 'wheel']) window.addEventListener(name, refuse, { capture: true })
  })
  const errors: string[] = []
  app.page.on('pageerror', (error) => errors.push(error.message))

  await test.step('open', async () => {
    await app.press('Control+o')
    await expect(app.dialog.getByRole('combobox')).not.toHaveValue('')
    await keyboard.press('Control+a')
    await keyboard.type(SAMPLE)
    await keyboard.press('Enter')
    await expect(app.right.grid).toBeFocused()
  })

  await test.step('search', async () => {
    await app.press('Control+p')
    await expect(app.dialog.getByRole('combobox')).toBeFocused()
    await keyboard.type('Tides')
    await expect(app.dialog.getByRole('option', { name: /Tides\.csv/ })).toBeVisible()
    const hit = app.dialog.getByRole('option', { name: /Tides\.csv/ })
    for (let step = 0; step < 20 && (await hit.getAttribute('aria-selected')) !== 'true'; step++)
      await keyboard.press('ArrowDown')
    await expect(hit).toHaveAttribute('aria-selected', 'true')
    await keyboard.press('Enter')
    await expect(app.right.row('Tides.csv')).toHaveClass(/cursor/)
  })

  await test.step('preview', async () => {
    await expect(app.right.grid).toBeFocused()
    await app.press('F3')
    await expect(app.inside.getByRole('region', { name: 'Text of Tides.csv' })).toContainText('day,high,low')
    await app.press('F3')
    await expect(app.preview).toBeHidden()
  })

  await test.step('extract', async () => {
    await app.press('Space')
    await app.press('F5')
    await expect(app.toasts).toContainText('Extracted 1 file')
    expect(await readdir(folders.downloads)).toEqual(['Tides.csv'])
  })

  await test.step('cancel', async () => {
    await app.press('Control+o')
    await expect(app.dialog.getByRole('combobox')).not.toHaveValue('')
    await keyboard.press('Control+a')
    await keyboard.type(join(folders.home, 'large.iso'))
    await keyboard.press('Enter')
    await expect(app.right.row('LARGE.BIN')).toBeVisible()
    await app.right.focus()
    await app.press('F5')
    await expect(app.queue.getByRole('progressbar')).toBeVisible()
    const cancel = app.queue.getByRole('button', { name: 'Cancel' })
    // Backwards from the window's end, as somebody would who looks for its foot.
    for (let step = 0; step < 60 && !(await cancel.evaluate((button) => button === document.activeElement)); step++)
      await keyboard.press('Shift+Tab')
    await expect(cancel).toBeFocused()
    await keyboard.press('Enter')
    await expect(app.queue).toContainText('cancelled')
  })
  expect(errors).toEqual([])
})
