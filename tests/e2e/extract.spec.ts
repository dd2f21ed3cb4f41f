import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digestsOf, SAMPLE, writeSampleFiles } from './support/samples'
import { expect, test } from './support/test'
import type { IsoldeWindow } from './support/window'
import { writeTinyIso } from './support/tiny-iso'

test.beforeEach(async ({ folders }) => {
  await copyFile(SAMPLE, join(folders.home, 'sample.iso'))
  await mkdir(join(folders.home, 'Source'))
  await writeSampleFiles(join(folders.home, 'Source'))
})

test('extracts everything, byte for byte, into a folder named after the image', async ({ app, folders }) => {
  await app.open(join(folders.home, 'sample.iso'))
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await expect(app.right.transferButton).toHaveText(/Extract everything.*Downloads/)
  await app.right.transferButton.click()
  await expect(app.toasts).toContainText(/Extracted \d+ files/)
  expect(await digestsOf(join(folders.downloads, 'sample'))).toEqual(await digestsOf(join(folders.home, 'Source')))
  await expect(app.left.row('sample')).toBeVisible()
})

test('extracts what is selected, and names it before it does', async ({ app, folders }) => {
  await app.open(join(folders.home, 'sample.iso'))
  await app.right.row('Recipes').click()
  await app.right.row('Welcome.txt').click({ modifiers: ['Control'] })
  await expect(app.right.transferButton).toHaveText(/Extract 2 items.*Downloads/)
  await expect(app.right.status).toContainText('2 of 6 selected')
  await app.press('F5')
  await expect(app.toasts).toContainText('Extracted 4 files')
  expect((await readdir(folders.downloads)).sort()).toEqual(['Recipes', 'Welcome.txt'])
  const source = join(folders.home, 'Source')
  expect(await readFile(join(folders.downloads, 'Welcome.txt'))).toEqual(await readFile(join(source, 'Welcome.txt')))
  expect(await digestsOf(join(folders.downloads, 'Recipes'))).toEqual(await digestsOf(join(source, 'Recipes')))
})

test('the toast leads to what was extracted', async ({ app, folders }) => {
  await app.open(join(folders.home, 'sample.iso'))
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await app.press('F5')
  await expect(app.toasts).toBeVisible()
  await app.left.typePath(folders.home)
  await app.toasts.getByRole('button', { name: 'Show' }).click()
  await expect(app.left.row('Welcome.txt')).toBeVisible()
})

test.describe('where a name is taken', () => {
  const old = 'something older'

  test.beforeEach(async ({ app, folders }) => {
    await writeFile(join(folders.downloads, 'Welcome.txt'), old)
    await app.open(join(folders.home, 'sample.iso'))
    await app.right.row('Welcome.txt').click()
    await app.press('F5')
    await expect(app.conflict).toContainText('“Welcome.txt” already exists')
  })

  const choose = (app: IsoldeWindow, name: string) => app.conflict.getByRole('button', { name, exact: true }).click()
  const welcome = async (folder: string) => readFile(join(folder, 'Welcome.txt'), 'utf8')

  test('both files are shown with size and date', async ({ app }) => {
    await expect(app.conflict).toContainText('15 B')
    await expect(app.conflict).toContainText('17 May 2024')
    await expect(app.conflict).toContainText('newer')
  })

  test('it can be skipped', async ({ app, folders }) => {
    await choose(app, 'Skip')
    await expect(app.toasts).toBeVisible()
    expect(await welcome(folders.downloads)).toBe(old)
  })

  test('it can be overwritten', async ({ app, folders }) => {
    await choose(app, 'Overwrite')
    await expect(app.toasts).toContainText('Extracted 1 file')
    expect(await welcome(folders.downloads)).toBe(await welcome(join(folders.home, 'Source')))
  })

  test('both can be kept', async ({ app, folders }) => {
    await choose(app, 'Keep both')
    await expect(app.toasts).toBeVisible()
    expect(await welcome(folders.downloads)).toBe(old)
    const names = await readdir(folders.downloads)
    expect(names).toHaveLength(2)
    const other = names.find((name) => name !== 'Welcome.txt') ?? ''
    expect(await readFile(join(folders.downloads, other), 'utf8')).toBe(await welcome(join(folders.home, 'Source')))
  })

  test('the job can be cancelled', async ({ app, folders }) => {
    await choose(app, 'Cancel the job')
    await expect(app.conflict).toBeHidden()
    await expect(app.queue).toContainText('cancelled')
    expect(await welcome(folders.downloads)).toBe(old)
    expect(await readdir(folders.downloads)).toEqual(['Welcome.txt'])
  })
})

test('a running job can be cancelled and leaves nothing behind', async ({ app, folders }) => {
  await writeTinyIso(join(folders.home, 'large.iso'), 'LARGE.BIN', 3_900_000_000)
  await app.open(join(folders.home, 'large.iso'))
  await expect(app.right.row('LARGE.BIN')).toBeVisible()
  await app.press('F5')
  await expect(app.queue.getByRole('button', { name: 'Pause' })).toBeVisible()
  await app.queue.getByRole('button', { name: 'Cancel' }).click()
  await expect(app.queue).toContainText('cancelled')
  await expect.poll(() => readdir(folders.downloads)).toEqual([])
  await app.queue.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(app.queue).toBeHidden()
})

test('a truncated image opens, says so, and gives what it has', async ({ app, folders }) => {
  const whole = await readFile(SAMPLE)
  await writeFile(join(folders.home, 'cut.iso'), whole.subarray(0, Math.floor(whole.byteLength * 0.8)))
  await app.open(join(folders.home, 'cut.iso'))
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await expect(app.right.element.getByRole('button', { name: 'About this image, which is damaged' })).toBeVisible()
  await app.press('F5')
  await expect(app.toasts).toContainText(/problem/)
  expect((await stat(join(folders.downloads, 'cut'))).isDirectory()).toBe(true)
})
