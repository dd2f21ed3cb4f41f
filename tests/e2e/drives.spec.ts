import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { copyFile } from 'node:fs/promises'
import { SAMPLE } from './support/samples'
import { drivesFile, expect, test, type Folders } from './support/test'

/** A plain file stands for a stick: nothing else of this computer is ever written by a test. */
async function plugIn(folders: Folders): Promise<string> {
  const stick = join(folders.home, 'stick.img')
  await writeFile(stick, 'what was there before')
  await truncate(stick, 64 << 20)
  await writeFile(drivesFile(folders), `${stick}\n`)
  return stick
}

test('a drive is made empty again once its name was typed, and no sooner', async ({ app, folders }) => {
  await app.press('Alt+Shift+E')
  await expect(app.dialog.getByRole('status')).toContainText('No drive can be written')
  // It comes while the dialog is open.
  const stick = await plugIn(folders)
  await expect(app.dialog.getByRole('radio', { name: /stick\.img/ })).toBeChecked()
  const erase = app.dialog.getByRole('button', { name: /^Erase/ })
  await expect(erase).toBeDisabled()
  const field = app.dialog.getByLabel(/^Type stick\.img to go on$/)
  await field.fill('stick.im')
  await expect(erase).toBeDisabled()
  await field.fill('stick.img')
  await app.dialog.getByLabel('Name of the drive').fill('HOLIDAY')
  await expect(erase).toBeEnabled()
  await field.press('Enter')
  await expect(app.dialog).toBeHidden()
  await expect(app.toasts).toContainText('stick.img')
  const bytes = await readFile(stick)
  expect(bytes.readUInt16LE(510)).toBe(0xaa55)
  expect(bytes.indexOf('EXFAT   ')).toBeGreaterThan(0)
  expect(bytes.indexOf('what was there before')).toBe(-1)
})

test('an image that no stick starts from is refused by the job, and the stick stays as it was', async ({
  app,
  folders,
}) => {
  const stick = await plugIn(folders)
  await copyFile(SAMPLE, join(folders.downloads, 'sample.iso'))
  await app.left.row('sample.iso').click()
  await app.press('Alt+Shift+U')
  await expect(app.dialog).toContainText('Write “sample.iso” to a USB drive')
  await app.dialog.getByLabel(/^Type stick\.img to go on$/).fill('stick.img')
  await app.dialog.getByRole('button', { name: /^Erase .*stick\.img and write sample\.iso$/ }).click()
  await expect(app.toasts).toContainText('sample.iso')
  expect((await readFile(stick)).indexOf('what was there before')).toBe(0)
})
