import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { SAMPLE } from './support/samples'
import { expect, test } from './support/test'

test.beforeEach(async ({ folders }) => {
  await copyFile(SAMPLE, join(folders.downloads, 'sample.iso'))
})

const stored = async (profile: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(join(profile, 'settings.json'), 'utf8').catch(() => '{}')) as Record<string, unknown>

test('the tree to begin with changes what is open, and what is opened', async ({ app, folders }) => {
  await app.left.openRow('sample.iso')
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await app.press('Control+,')
  await app.dialog.getByRole('combobox', { name: 'Default view' }).selectOption('ISO 9660')
  await app.press('Escape')
  await expect(app.right.row('WELCOME.TXT')).toBeVisible()
  await expect.poll(() => stored(folders.profile)).toMatchObject({ viewRule: 'iso9660' })
})

test('a kind of image can be left to be a file like any other', async ({ app }, testInfo) => {
  await app.press('Control+,')
  const isWeb = testInfo.project.name === 'web'
  await expect(app.dialog).toContainText(isWeb ? 'A page in a browser cannot be' : 'takes no file over')
  await app.dialog.getByRole('checkbox', { name: 'iso', exact: true }).uncheck()
  await app.press('Escape')
  await app.left.openRow('sample.iso')
  await expect(app.toasts).toContainText('sample.iso')
  await expect(app.right.grid).toHaveCount(0)
  await app.press('Control+,')
  await app.dialog.getByRole('checkbox', { name: 'iso', exact: true }).check()
  await app.press('Escape')
  await app.left.openRow('sample.iso')
  await expect(app.right.row('Welcome.txt')).toBeVisible()
})

test('an image is extracted without a folder of its own where that is wanted', async ({ app }) => {
  await app.press('Control+,')
  await app.dialog.getByRole('switch', { name: /Create a subfolder/ }).uncheck()
  await app.press('Escape')
  await app.left.openRow('sample.iso')
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await app.press('F5')
  await expect(app.left.row('Welcome.txt')).toBeVisible()
  await expect(app.left.row('sample')).toHaveCount(0)
})

test('the catalog says how large it is, and is cleaned up', async ({ app, folders }) => {
  await app.left.openRow('sample.iso')
  await expect(app.right.row('Welcome.txt')).toBeVisible()
  await app.press('Control+,')
  await expect(app.dialog.getByText(/^1 image in \d/)).toBeVisible()
  await app.dialog.getByRole('combobox', { name: /Catalog’s largest size/ }).selectOption('1 GB')
  await app.dialog.getByRole('combobox', { name: /Forget images/ }).selectOption('90 days')
  await app.dialog.getByRole('button', { name: 'Clean up now' }).click()
  await expect(app.dialog).toContainText('0 images forgotten.')
  await expect.poll(() => stored(folders.profile)).toMatchObject({ catalogByteLimit: 1e9, catalogKeepDays: 90 })
})

test('tree, preview and layout are there again at the next start', async ({ start, end, folders }) => {
  const first = await start()
  await first.left.openRow('sample.iso')
  await expect(first.right.row('Welcome.txt')).toBeVisible()
  await first.press('Control+b')
  await expect(first.page.getByRole('tree').first()).toBeVisible()
  await first.right.row('Welcome.txt').click()
  await first.press('F3')
  await expect(first.preview).toBeVisible()
  const layout = async (): Promise<unknown> => (await stored(folders.profile)).window
  await expect.poll(layout).toMatchObject({ layout: { isPreviewOpen: true, isTreeOpen: true } })
  await end()
  const second = await start()
  await expect(second.page.getByRole('tree').first()).toBeVisible()
  await expect(second.preview).toBeVisible()
})

test('a compressed image is unpacked to no more than the settings allow', async ({ start, folders }) => {
  await writeFile(join(folders.downloads, 'packed.iso.gz'), gzipSync(await readFile(SAMPLE)))
  await writeFile(join(folders.profile, 'settings.json'), JSON.stringify({ unpackByteLimit: 100_000 }))
  const app = await start()
  await app.press('Control+,')
  const limit = app.dialog.getByRole('combobox', { name: /Unpack images up to/ })
  // Written by hand, it is a choice beside the others.
  await expect(limit.locator('option:checked')).toHaveText('100 kB')
  await app.press('Escape')
  await app.left.openRow('packed.iso.gz')
  await expect(app.page.getByText(/unpacks to more than the 100 kB that are allowed/)).toBeVisible()
  await app.press('Control+,')
  await limit.selectOption('1 GB')
  await app.press('Escape')
  await expect.poll(() => stored(folders.profile)).toMatchObject({ unpackByteLimit: 1e9 })
})
