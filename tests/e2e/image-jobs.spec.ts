import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { SAMPLE } from './support/samples'
import { expect, test } from './support/test'

test.beforeEach(async ({ folders }) => {
  await copyFile(SAMPLE, join(folders.home, 'sample.iso'))
})

test('makes an encrypted ZIP of what is selected, beside what was there', async ({ app, folders }) => {
  await writeFile(join(folders.downloads, 'Recipes.zip'), 'mine')
  await app.open(join(folders.home, 'sample.iso'))
  await app.right.row('Recipes').click()
  await app.press('Alt+F5')
  await expect(app.dialog).toContainText('1 item')
  await expect(app.dialog.getByRole('combobox', { name: 'Destination' })).toHaveValue(folders.downloads)
  await expect(app.dialog.getByRole('radio', { name: 'ZIP' })).toBeChecked()
  await app.dialog.getByLabel('Password (AES-256)').fill('secret')
  await app.dialog.getByLabel('Repeat the password').fill('secret')
  await app.press('Enter')
  await expect(app.toasts).toContainText('Created Recipes (2).zip')
  const zip = await readFile(join(folders.downloads, 'Recipes (2).zip'))
  expect(zip.subarray(0, 2).toString()).toBe('PK')
  // The extra field of WinZip's AES encryption, whose method is 99.
  expect(zip.includes(Buffer.from([0x01, 0x99, 7, 0]))).toBe(true)
  expect(await readFile(join(folders.downloads, 'Recipes.zip'), 'utf8')).toBe('mine')
})

test('converts an image to a plain one, which the toast leads to', async ({ app, folders }) => {
  await app.open(join(folders.home, 'sample.iso'))
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await app.run('Convert to a plain')
  await expect(app.dialog).toContainText('Nothing is lost')
  await app.dialog.getByRole('button', { name: 'Convert', exact: true }).click()
  await expect(app.toasts).toContainText('Created sample.iso')
  expect((await readFile(join(folders.downloads, 'sample.iso'))).equals(await readFile(SAMPLE))).toBe(true)
  await app.toasts.getByRole('button', { name: 'Show' }).click()
  await expect(app.left.row('sample.iso')).toBeVisible()
  expect(await readdir(folders.downloads)).toEqual(['sample.iso'])
})

test('verifies: nothing to check, all well, and what is damaged', async ({ app, folders }) => {
  await app.open(join(folders.home, 'sample.iso'))
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await app.press('Alt+V')
  await expect(app.toasts).toContainText('has no checksums')
  const bytes = zstdDecompressSync(await readFile(join(import.meta.dirname, '../images/summed.iso.zst')))
  await writeFile(join(folders.home, 'summed.iso'), bytes)
  bytes.write('X', bytes.indexOf('two\n') + 1000)
  await writeFile(join(folders.home, 'spoiled.iso'), bytes)
  await app.open(join(folders.home, 'summed.iso'))
  await expect(app.right.row('one.txt')).toBeVisible()
  await app.press('Alt+V')
  await expect(app.toasts.last()).toContainText('all 9 checks')
  await app.open(join(folders.home, 'spoiled.iso'))
  await expect(app.right.row('three.txt')).toBeVisible()
  await app.press('Alt+V')
  await expect(app.toasts.last()).toContainText('spoiled.iso: 4 checks failed')
  await expect(app.queue).toContainText('4 problems')
})

test('makes an image of what is selected in a folder, which opens', async ({ app, folders }) => {
  await mkdir(join(folders.home, 'Holiday/Beach'), { recursive: true })
  await writeFile(join(folders.home, 'Holiday/Beach/Größe.txt'), 'sand')
  await app.goTo(app.left, folders.home)
  await app.left.row('Holiday').click()
  await app.press('Shift+F7')
  await expect(app.dialog).toContainText('Everything in “Holiday”')
  await expect(app.dialog.getByLabel('File name')).toHaveValue('Holiday')
  await app.page.setViewportSize({ width: 680, height: 560 })
  await app.dialog.getByRole('button', { name: 'Make image' }).click({ trial: true })
  await app.dialog.getByLabel('File name').focus()
  await app.press('Enter')
  await expect(app.toasts).toContainText('Created Holiday.iso')
  await expect(app.toasts).toContainText('every file is there')
  await app.left.row('Holiday').first().click()
  await app.press('Shift+F7')
  await app.dialog.getByLabel('File name').press('Enter')
  await expect(app.queue).toContainText('Created Holiday (2).iso')
})
