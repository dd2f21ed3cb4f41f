import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './support/test'
import type { IsoldeWindow } from './support/window'
import { SAMPLE } from './support/samples'

const said = (app: IsoldeWindow) => app.dialog.getByRole('status')

async function look(app: IsoldeWindow, text: string): Promise<void> {
  await app.press('Control+k')
  await app.dialog.getByRole('combobox').fill(text)
}

test('a command that cannot be run says why not, by keys alone, and the palette stays', async ({ app, folders }) => {
  await copyFile(SAMPLE, join(folders.downloads, 'disc.iso'))
  await expect(app.left.row('disc.iso')).toBeVisible()
  await app.left.focus()
  await look(app, 'Disc map')
  const choice = app.dialog.getByRole('option', { name: /^Disc map/ })
  await expect(choice).toHaveAttribute('aria-disabled', 'true')
  // A screen reader hears what changes in what is there already.
  await expect(said(app)).toHaveText('')
  await app.press('Enter')
  await expect(said(app)).toHaveText('Open a disc image first.')
  await app.press('Enter')
  await expect(said(app)).toHaveText('Open a disc image first.')
  await expect(app.dialog.getByRole('combobox')).toBeFocused()

  // What nobody wonders about when its key does nothing is said here all the same.
  await app.dialog.getByRole('combobox').fill('Forward')
  await expect(said(app)).toHaveText('')
  await app.press('Enter')
  await expect(said(app)).toHaveText('This can’t be done here right now.')
  await app.dialog.getByRole('combobox').fill('About Isolde')
  await app.press('Enter')
  await expect(app.dialog.getByRole('button', { name: 'Done' })).toBeVisible()
})

test('a click on a command that cannot be run says why not', async ({ app }) => {
  await look(app, 'Retry failed')
  await app.dialog.getByRole('option', { name: /^Retry failed/ }).click({ force: true })
  await expect(said(app)).not.toHaveText('')
  await app.dialog.getByRole('combobox').fill('Settings')
  await app.dialog.getByRole('option', { name: /^Settings/ }).click()
  await expect(app.dialog).toContainText('Appearance')
})
